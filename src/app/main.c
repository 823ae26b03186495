/* main.c - the program starts and ends here; the only mutable globals of Guanxi. */
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "core/arena.h"
#include "core/text.h"
#include "os/os.h"
#include "record/sheet_worker.h"

volatile int APP_STOP;

static void
on_signal(int sig)
{
    if (APP_STOP)
        _exit(128 + sig);
    APP_STOP = 1;
}

static void
catch_signals(void)
{
    struct sigaction sa = {.sa_handler = on_signal};
    sigemptyset(&sa.sa_mask);
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int
main(int argc, char **argv)
{
    int worker = sheet_worker_main(argc, argv);

    if (worker >= 0)
        return worker;
    if (sodium_init() < 0) {
        fputs("guanxi: libsodium does not start\n", stderr);
        return 1;
    }
    umask(077); /* what we make is ours alone */
    catch_signals();
    return cmd_main(argc - 1, (const char *const *)argv + 1);
}
