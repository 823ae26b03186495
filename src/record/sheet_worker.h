/* sheet_worker.h - main of the process that parses spreadsheets; see os/worker.h and record/sheet.h. */
#ifndef RECORD_SHEET_WORKER_H
#define RECORD_SHEET_WORKER_H

/* Runs the worker this process was started as and returns its exit code; -1: it was started as none. To be
 * called first in main of every program that imports. */
int sheet_worker_main(int argc, char **argv);
#endif
