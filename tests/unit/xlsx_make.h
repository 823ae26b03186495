/* xlsx_make.h - small .xlsx files for tests, by minizip. */
#ifndef TESTS_XLSX_MAKE_H
#define TESTS_XLSX_MAKE_H
#include <minizip/zip.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct xlsx_part {
    const char *name, *text;
    size_t n; /* 0: strlen */
};

/* Adds one part; stored: not packed. */
static inline bool
xlsx_add(zipFile z, const char *name, const char *text, size_t n, bool stored)
{
    return zipOpenNewFileInZip(z, name, NULL, NULL, 0, NULL, 0, NULL, stored ? 0 : Z_DEFLATED,
                               stored ? 0 : Z_DEFAULT_COMPRESSION) == ZIP_OK &&
           zipWriteInFileInZip(z, text, (unsigned)n) == ZIP_OK && zipCloseFileInZip(z) == ZIP_OK;
}

#define XLSX_WORKBOOK                                                                                        \
    "<?xml version=\"1.0\"?><workbook xmlns:r=\"r\"><sheets>"                                                \
    "<sheet name=\"说明\" sheetId=\"3\" state=\"hidden\" r:id=\"rId3\"/>"                                  \
    "<sheet name=\"订单\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"B\" sheetId=\"2\" r:id=\"rId2\"/>"    \
    "</sheets></workbook>"
#define XLSX_RELS                                                                                            \
    "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"                            \
    "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/>"                                       \
    "<Relationship Id=\"rId3\" Target=\"worksheets/sheet3.xml\"/></Relationships>"
/* style 1 is a date, 2 a date with time, 3 a number with two decimals */
#define XLSX_STYLES                                                                                          \
    "<styleSheet><numFmts count=\"2\"><numFmt numFmtId=\"164\" "                                             \
    "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"                                   \
    "<numFmt numFmtId=\"165\" formatCode=\"[Red]#,##0.00\"/></numFmts><cellStyleXfs><xf "                    \
    "numFmtId=\"14\"/></cellStyleXfs>"                                                                       \
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"22\"/><xf "                           \
    "numFmtId=\"165\"/></cellXfs></styleSheet>"
#define XLSX_STRINGS                                                                                           \
    "<sst><si><t>单号</t></si><si><t>日期</t></si><si><r><t>金</t></r><r><t>额</t></r><rPh><t>jin</t></" \
    "rPh></si>"                                                                                                \
    "<si><t xml:space=\"preserve\">A &amp; B</t></si></sst>"
#define XLSX_SHEET(rows, after) "<worksheet><sheetData>" rows "</sheetData>" after "</worksheet>"

/* A workbook whose first visible sheet is `sheet`. */
static inline bool
xlsx_write(const char *path, const char *sheet, size_t n)
{
    zipFile z = zipOpen(path, APPEND_STATUS_CREATE);
    const char *other = XLSX_SHEET("<row r=\"1\"><c t=\"inlineStr\"><is><t>x</t></is></c></row>"
                                   "<row r=\"2\"><c><v>1</v></c></row>",
                                   "");
    bool good = z != NULL && xlsx_add(z, "xl/workbook.xml", XLSX_WORKBOOK, strlen(XLSX_WORKBOOK), false) &&
                xlsx_add(z, "xl/_rels/workbook.xml.rels", XLSX_RELS, strlen(XLSX_RELS), false) &&
                xlsx_add(z, "xl/styles.xml", XLSX_STYLES, strlen(XLSX_STYLES), false) &&
                xlsx_add(z, "xl/sharedStrings.xml", XLSX_STRINGS, strlen(XLSX_STRINGS), false) &&
                xlsx_add(z, "xl/worksheets/sheet1.xml", sheet, n, false) &&
                xlsx_add(z, "xl/worksheets/sheet2.xml", other, strlen(other), false) &&
                xlsx_add(z, "xl/worksheets/sheet3.xml", other, strlen(other), false);
    return z != NULL && zipClose(z, NULL) == ZIP_OK && good;
}
#endif
