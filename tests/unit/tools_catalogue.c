/* SPDX-License-Identifier: ISC */
/*
 * Tables as they come: CSV and lines with tabs, what spreadsheets make of
 * them, what they are written in, what is malformed; and what has come before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <lzma.h>

#include "tools/import/charset.h"
#include "tools/import/table/internal.h"

static char folder[] = "/tmp/guiju-catalogue-XXXXXX";
static char path[sizeof(folder) + 16];
static struct rows *rows;
static struct row row;
static struct buf why;

static int
set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/guiju-catalogue-XXXXXX");
	buf_init(&why, 4096);
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static void
close_rows(void)
{
	rows_close(rows);
	rows = NULL;
	if (path[0] != '\0')
		assert_int_equal(unlink(path), 0);
	path[0] = '\0';
	buf_clear(&why);
}

static int
tear_down(void **state)
{
	(void)state;
	close_rows();
	buf_release(&why);
	return rmdir(folder);
}

static enum err
open_bytes(const char *name, struct str bytes)
{
	FILE *file;

	close_rows();
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
	return rows_open(path, &rows, &why);
}

/* The file's columns are these, '|' between. */
static void
has_columns(const char *names)
{
	struct buf all;

	buf_init(&all, 4096);
	for (size_t i = 0; i < rows_columns(rows); i++)
		buf_printf(&all, "%s%.*s", i > 0 ? "|" : "",
		    STR_ARG(rows_column(rows, i)));
	buf_char(&all, '\0');
	assert_string_equal(all.data, names);
	buf_release(&all);
}

static void
opens(const char *name, const char *text, const char *names)
{
	assert_int_equal(open_bytes(name, str_from(text)), OK);
	assert_int_equal(why.len, 0);
	has_columns(names);
}

static void
refuses(const char *name, const char *text, const char *reason)
{
	assert_int_equal(open_bytes(name, str_from(text)), ERR_INPUT);
	buf_char(&why, '\0');
	assert_non_null(strstr(why.data, reason));
}

static void
next(enum row_kind kind, size_t line)
{
	buf_clear(&why);
	rows_next(rows, &row, &why);
	assert_int_equal(row.kind, kind);
	if (kind == ROW_GOOD || kind == ROW_BAD)
		assert_int_equal(row.line, line);
}

/* The next row is good and has these fields, '|' between. */
static void
gives(size_t line, const char *fields)
{
	struct buf all;

	next(ROW_GOOD, line);
	buf_init(&all, 1 << 20);
	for (size_t i = 0; i < rows_columns(rows); i++) {
		assert_true(row.field[i].len > 0 || row.field[i].data == NULL);
		buf_printf(
		    &all, "%s%.*s", i > 0 ? "|" : "", STR_ARG(row.field[i]));
	}
	buf_char(&all, '\0');
	assert_string_equal(all.data, fields);
	buf_release(&all);
}

static void
spoils(size_t line, const char *reason)
{
	next(ROW_BAD, line);
	buf_char(&why, '\0');
	assert_non_null(strstr(why.data, reason));
}

static void
csv_cells_are_read(void **state)
{
	(void)state;
	opens("a.csv",
	    "\xEF\xBB\xBFref,title\r\n\r\n\"a, \"\"b\"\"\",\"two\n"
	    "lines\"\r\n x　, y  z \n,\nlast,",
	    "ref|title");
	gives(3, "a, \"b\"|two lines");
	gives(5, "x|y z");
	gives(7, "last|"); /* a row of empty cells is none */
	next(ROW_END, 0);
	next(ROW_END, 0);
}

static void
a_malformed_row_costs_only_itself(void **state)
{
	(void)state;
	opens("a.csv",
	    "a,b\none\n1,2,3\n\"x\"y,2\n\xFFz,2\nx\ry,2\ngood,2\n\"open,2\n",
	    "a|b");
	spoils(2, "1 fields, not 2");
	spoils(3, "3 fields, not 2");
	spoils(4, "a quote");
	spoils(5, "UTF-8");
	spoils(6, "carriage return");
	gives(7, "good|2");
	spoils(8, "inside a quoted field");
	next(ROW_END, 0);
}

static void
one_row_names_the_columns(void **state)
{
	struct buf many;

	(void)state;
	opens("a.csv", "a,b,,\n1,2,,\n3,4\n5,6,,,,\n5,6,7,\n", "a|b");
	gives(2, "1|2");
	gives(3, "3|4");
	gives(4, "5|6");
	spoils(5, "3 fields, not 2");
	refuses("a.csv", "", "no row names the columns");
	refuses("a.csv", "\n \n", "no row names the columns");
	refuses(
	    "a.csv", "\"a\nb", "inside a quoted field: its quote has no end (");
	refuses("a.csv", "a,b, a \n", "a.csv:1: a is there twice");
	buf_init(&many, 4096);
	for (int i = 0; i < ROWS_COLUMNS_MAX; i++)
		buf_printf(&many, "%sc%d", i > 0 ? "," : "", i);
	assert_int_equal(open_bytes("a.csv", buf_view(&many)), OK);
	assert_int_equal(rows_columns(rows), ROWS_COLUMNS_MAX);
	buf_text(&many, ",one");
	assert_int_equal(open_bytes("a.csv", buf_view(&many)), ERR_INPUT);
	buf_release(&many);
}

static void
cells_may_be_separated_by_tabs(void **state)
{
	(void)state;
	opens("a.tsv", "a\tb\r\n\"x\"\t1,2\r\n\r\n\ty\r\nz\r\nlast\t", "a|b");
	gives(2, "x|1,2");
	gives(4, "|y");
	spoils(5, "1 fields, not 2");
	gives(6, "last|");
	next(ROW_END, 0);
	opens("a.txt", "a\tb\n", "a|b");
}

/* What separates is what the row of names has most of, outside quotes. */
static void
the_row_of_names_tells_the_separator(void **state)
{
	(void)state;
	opens("a.csv", "a\tb\n1,5\t2\n", "a|b");
	gives(2, "1,5|2");
	opens("a.csv", "a;b;\"c,d\"\n1,5;\"x;y\";\n", "a|b|c,d");
	gives(2, "1,5|x;y|");
	opens("a.csv", "a,\"b;c;d;e\"\n1,2;3\n", "a|b;c;d;e");
	gives(2, "1|2;3");
	opens("a.csv", "a|b|c\n1|2,3|4\n", "a|b|c");
	gives(2, "1|2,3|4");
	opens("a.txt", "a,b\n1,\"2,3\"\n", "a|b");
	gives(2, "1|2,3");
	/* A row of names that goes on behind a line end. */
	opens("a.csv", "\"a\n,,,,b\";c;d\n1;2;3\n", "a ,,,,b|c|d");
	gives(3, "1|2|3");
	/* As the file says itself. */
	opens("a.csv", "sep=;\na,b;c\n1,2;3\n", "a,b|c");
	gives(3, "1,2|3");
	opens("a.csv", "\xEF\xBB\xBF\"SEP=|\"\r\na|b\r\n1|2\r\n", "a|b");
	gives(3, "1|2");
	opens("a.txt", "sep=\t\na\tb,c,d\n1\t2\n", "a|b,c,d");
	gives(3, "1|2");
	opens("a.csv", "sep=,\na,\"b\"\n", "a|b");
	refuses("a.csv", "sep=x\na,b\n", "a.csv:1: cells are separated by");
	refuses("a.csv", "sep=;;\na,b\n", "a.csv:1: cells are separated by");
}

/* Quotes as spreadsheets write them into text with tabs, and quotes that
 * people write there. */
static void
quotes_between_tabs_are_read(void **state)
{
	(void)state;
	opens("a.txt",
	    "\"标准号\"\t\"标准名称\"\t代替\n"
	    "1\t\"信息技术, 词汇\"\t\"GB 1,GB 2\"\n"
	    "2\t\"含\"\"引号\"\"名称\"\t\"\"\n"
	    "3\t\"上\n下\"\tx\r\n"
	    "4\t\"上\r\n\r\n下 a\"\t\"GB 1\nGB 2\"\r\n"
	    "5\t5\"管\t\"tab\there\"\n"
	    "6\t\"引号\"在前\t\"\"\"全\"\"\"\n",
	    "标准号|标准名称|代替");
	gives(2, "1|信息技术, 词汇|GB 1,GB 2");
	gives(3, "2|含\"引号\"名称|");
	gives(4, "3|上下|x");
	gives(6, "4|上下 a|GB 1 GB 2");
	gives(10, "5|5\"管|tab here");
	gives(11, "6|\"引号\"在前|\"全\"");
	next(ROW_END, 0);
	/* A quote without an end is text and costs no other row. */
	opens("a.tsv",
	    "a\tb\n\"管\t1\n2\t\"x\n3\t\"\n4\t\"a, b\"\n\"\t\"\n"
	    "5\t\"last",
	    "a|b");
	gives(2, "\"管|1");
	gives(3, "2|\"x");
	gives(4, "3|\"");
	gives(5, "4|a, b");
	/* Line 6 is one cell that holds a tab, and so nothing. */
	gives(7, "5|\"last");
	next(ROW_END, 0);
}

static void
quotes_in_csv_are_read(void **state)
{
	(void)state;
	opens("a.csv",
	    "\xEF\xBB\xBF\"a\", \"b\" \n5\"管,x\"\"y\n"
	    "\"a, b\" ,　\"c\"\n\"x\ny\",\"\r\n\"\n"
	    "\"open,1\nnext,2\n\"in \"side\",3\nlast,4\n",
	    "a|b");
	gives(2, "5\"管|x\"\"y");
	gives(3, "a, b|c");
	gives(4, "x y|");
	spoils(7, "a quote inside a quoted field");
	gives(8, "next|2");
	spoils(9, "written twice");
	gives(10, "last|4");
	next(ROW_END, 0);
	/* A quote without an end costs its own line. */
	opens("a.csv", "a,b\n\"open,1\n2,3\n4,5\n", "a|b");
	spoils(2, "the file ends inside a quoted field");
	gives(3, "2|3");
	gives(4, "4|5");
	next(ROW_END, 0);
	/* Marks that came with a file put behind another. */
	opens("a.csv",
	    "\xEF\xBB\xBF\xEF\xBB\xBF\"a\",b\n"
	    "\xEF\xBB\xBF\"x, y\",2\n",
	    "a|b");
	gives(2, "x, y|2");
}

/* A text that somebody protected from the spreadsheet. */
static void
formulas_are_refused_and_texts_are_read(void **state)
{
	(void)state;
	opens("a.csv",
	    "a,b\n=\"GB/T 1\",\"=\"\"GB/T 2\"\"\"\n"
	    "\"=\"\"a\"\"\"\"b\"\"\",\" = \"\"c\"\" \"\n"
	    "=,= 5\n=A1,x\nx,=HYPERLINK(\"x\")\nx,#REF!\n"
	    "x,########\nx,#1\n\"=\"\"a\"\"&\"\"b\"\"\",x\n",
	    "a|b");
	gives(2, "GB/T 1|GB/T 2");
	gives(3, "a\"b|c");
	gives(4, "=|= 5");
	spoils(5, "field 1 is a formula, =A1: save what it shows");
	spoils(6, "field 2 is a formula, =HYPERLINK(\"x\")");
	spoils(7, "field 2 is the error of a spreadsheet, #REF!");
	spoils(8, "the error of a spreadsheet");
	gives(9, "x|#1");
	spoils(10, "a formula");
	next(ROW_END, 0);
	opens("a.tsv", "=\"标准号\"\tb\n=\"GB/T 1\"\t\"=\"\"x\"\"\"\n",
	    "标准号|b");
	gives(2, "GB/T 1|x");
}

static void
each_kind_of_line_end_ends_a_row(void **state)
{
	(void)state;
	opens("a.csv", "a,b\r1,2\r\r\"x\ry\",\"u\nv\"\r3,4", "a|b");
	gives(2, "1|2");
	gives(4, "x y|u v");
	gives(7, "3|4"); /* a line end inside a cell is one as well */
	next(ROW_END, 0);
	opens("a.tsv", "a\tb\r1\t2\r\n3\t4\n5\t6\r", "a|b");
	gives(2, "1|2");
	gives(3, "3|4");
	gives(4, "5|6");
	next(ROW_END, 0);
	opens("a.csv", "a,b\r\r\n1,2\r\r\n3,\"4\r\r\n5\"\r\r\n", "a|b");
	gives(2, "1|2");
	gives(3, "3|4 5");
	next(ROW_END, 0);
	opens("a.csv", "\"a\r\",b\n1,2\n", "a|b");
	gives(2, "1|2");
	opens("a.tsv", "a\tb\n1\t2\r3\t4\n5\t6\n", "a|b");
	spoils(2, "carriage return");
	gives(3, "5|6");
}

/* Wide rows, empty columns, and what stands above the names. */
static void
wide_rows_and_empty_columns_are_read(void **state)
{
	struct buf wide;

	(void)state;
	opens("a.csv", "表格 1,,\n,,\na,,b,,\n1,x,2,,\n,,\n", "a||b");
	assert_true(str_equal(rows_caption(rows), STR("表格 1")));
	gives(4, "1|x|2");
	next(ROW_END, 0);
	opens("a.csv", "a,,,b\n1,,,2\n", "a|||b");
	assert_null(rows_caption(rows).data);
	gives(2, "1|||2");
	opens("a.csv", "number\nGB 1\nGB 2\n", "number");
	gives(2, "GB 1");
	gives(3, "GB 2");
	next(ROW_END, 0);
	opens("a.tsv", "number\nGB 1, x\n", "number");
	gives(2, "GB 1, x");
	opens("a.csv",
	    "目录\n公告：,1号,,\n日期: 2026-01-01,,,\na,b,c,d\n"
	    "1,2,3,4\n",
	    "head_公告|head_日期|a|b|c|d");
	gives(5, "1号|2026-01-01|1|2|3|4");
	buf_init(&wide, 4096);
	buf_text(&wide, "a,b");
	for (int i = 0; i < 300; i++)
		buf_char(&wide, ',');
	buf_text(&wide, "\n1,2");
	for (int i = 0; i < 300; i++)
		buf_text(&wide, ", ");
	buf_text(&wide, "\n1,2");
	for (int i = 0; i < 300; i++)
		buf_char(&wide, ',');
	buf_char(&wide, 'x');
	assert_int_equal(open_bytes("a.csv", buf_view(&wide)), OK);
	buf_release(&wide);
	gives(2, "1|2");
	spoils(3, "302 fields, not 2");
	/* 14 characters may look like nothing. */
	opens("a.csv",
	    "a,b\n\xE2\x80\x8B,\xC2\xA0\n\xC2\xA0\t1 ,"
	    "\xE2\x80\x8E\"2\"\xE2\x80\x8F\n",
	    "a|b");
	gives(3, "1|2");
	assert_int_equal(open_bytes("a.csv", STR("a,b\n1\0,2\n3,4\n")), OK);
	spoils(2, "a NUL byte");
	gives(3, "3|4");
}

/* What is no table says what to do. */
static void
a_file_that_is_not_a_table_is_refused(void **state)
{
	(void)state;
	refuses("a.csv", "PK\3\4....", "save the sheet as CSV");
	refuses("a.csv", "\xD0\xCF\x11\xE0\xA1\xB1", "save the sheet as CSV");
	refuses("a.csv.xz", "\x1F\x8B\x08", "gzip");
	refuses("a.txt", "%PDF-1.4\n", "PDF");
}

static void
lines_above_the_names_are_columns(void **state)
{
	(void)state;
	opens("a.tsv",
	    "公告：2026年第1号\n日期: 2026-01-01\n空:\n\n标准号\t名称\nGB "
	    "1\tx\n",
	    "head_公告|head_日期|head_空|标准号|名称");
	gives(6, "2026年第1号|2026-01-01||GB 1|x");
	/* As a spreadsheet saves it: as wide as the widest row. */
	opens("a.txt",
	    "公告：\t1号\t\t\r\n日期: "
	    "2026-01-01\t\t\t\r\n\t\t\t\r\na\tb\t\t\r\n"
	    "1\t2\t\t\r\n",
	    "head_公告|head_日期|a|b");
	gives(5, "1号|2026-01-01|1|2");
	refuses("a.tsv", "公告：1\n公告：2\na\tb\n",
	    "a.tsv:2: 公告 is there twice");
	opens("a.tsv", "公告 1号\na\tb\n", "a|b");
	assert_true(str_equal(rows_caption(rows), STR("公告 1号")));
	refuses("a.tsv", "公告：1\n", "no row names the columns");
}

static void
the_charset_is_found(void **state)
{
	/* 标准号,a and GB 1,规矩 */
	static const char gbk[] =
	    "\xB1\xEA\xD7\xBC\xBA\xC5,a\nGB 1,\xB9\xE6\xBE\xD8\nGB 2,\xB9\xFF\n"
	    "GB 3,x\n";
	static const char little[] =
	    "\xFF\xFE\x07h\xC6Q,\0a\0\n\0\xC4\x89\xE9w,\0b\0\n";
	static const char big[] =
	    "\xFE\xFFh\x07Q\xC6\0,\0a\0\n\x89\xC4w\xE9\0,\0b\0\n";

	(void)state;
	assert_int_equal(open_bytes("a.csv", STR(gbk)), OK);
	assert_string_equal(rows_charset(rows), "GB18030");
	has_columns("标准号|a");
	gives(2, "GB 1|规矩");
	spoils(3, "UTF-8");
	gives(4, "GB 3|x");
	next(ROW_END, 0);
	assert_int_equal(
	    open_bytes("a.csv", (struct str){little, sizeof(little)}), OK);
	assert_string_equal(rows_charset(rows), "UTF-16LE");
	has_columns("标准|a");
	gives(2, "规矩|b");
	next(ROW_END, 0);
	assert_int_equal(
	    open_bytes("a.csv", (struct str){big, sizeof(big) - 1}), OK);
	assert_string_equal(rows_charset(rows), "UTF-16BE");
	gives(2, "规矩|b");
	/* One bad line does not make it another charset. */
	opens("a.csv", "标准,a\nx,\xFF\n", "标准|a");
	assert_null(rows_charset(rows));
	spoils(2, "UTF-8");
	/* UTF-16 without its mark, and the mark of GB18030. */
	assert_int_equal(
	    open_bytes("a.csv", (struct str){little + 2, sizeof(little) - 2}),
	    OK);
	assert_string_equal(rows_charset(rows), "UTF-16LE");
	gives(2, "规矩|b");
	assert_int_equal(
	    open_bytes("a.csv", (struct str){big + 2, sizeof(big) - 3}), OK);
	assert_string_equal(rows_charset(rows), "UTF-16BE");
	gives(2, "规矩|b");
	assert_int_equal(
	    open_bytes("a.csv", STR("\x84\x31\x95\x33\"a\",b\n1,2\n")), OK);
	assert_string_equal(rows_charset(rows), "GB18030");
	has_columns("a|b");
	/* A mark of UTF-8 is believed: what is not, is refused. */
	assert_int_equal(open_bytes("a.csv",
			     STR("\xEF\xBB\xBF"
				 "a\n\xB9\xE6\n1\n")),
	    OK);
	assert_null(rows_charset(rows));
	spoils(2, "UTF-8");
	gives(3, "1");
	/* 標準號,標準名稱 in Big5, 臺灣茶葉 below. */
	assert_int_equal(open_bytes("a.csv",
			     STR("\xBC\xD0\xB7\xC7\xB8\xB9,\xBC\xD0\xB7\xC7"
				 "\xA6\x57\xBA\xD9\nx,\xBB\x4F\xC6\x57\xAF\xF9"
				 "\xB8\xAD\n")),
	    OK);
	assert_string_equal(rows_charset(rows), "BIG5-HKSCS");
	gives(2, "x|臺灣茶葉");
	assert_null(charset_guess(STR("plain\nASCII\n")));
	assert_null(charset_guess(STR("")));
}

/* A character may be cut at any place. */
static void
a_character_may_be_cut_anywhere(void **state)
{
	static const char text[] = "a\xB9\xE6\x81\x30\x81\x30z\xBE\xD8";
	const size_t len = sizeof(text) - 1;

	(void)state;
	for (size_t at = 0; at <= len; at++) {
		struct charset *charset = NULL;
		struct buf out;
		buf_init(&out, 100);
		assert_int_equal(charset_open("GB18030", &charset), OK);
		assert_int_equal(
		    charset_add(charset, (struct str){text, at}, false, &out),
		    OK);
		assert_int_equal(
		    charset_add(charset, (struct str){text + at, len - at},
			false, &out),
		    OK);
		assert_true(str_equal(buf_view(&out), STR("a规\xC2\x80z矩")));
		assert_int_equal(
		    charset_add(charset, STR("\xB9"), false, &out), OK);
		assert_int_equal(charset_add(charset, STR(""), true, &out), OK);
		assert_int_equal(out.data[out.len - 1], (char)0xFF);
		buf_release(&out);
		charset_close(charset);
	}
	charset_close(NULL);
}

/* Files of several pieces, plain and compressed, in every charset. */
static void
long_and_compressed_files_are_read(void **state)
{
	struct buf text, gbk, xz;

	(void)state;
	buf_init(&text, 8 << 20);
	buf_init(&gbk, 8 << 20);
	buf_init(&xz, 8 << 20);
	buf_text(&text, "标准号,名称\n");
	buf_text(&gbk, "\xB1\xEA\xD7\xBC\xBA\xC5,\xC3\xFB\xB3\xC6\n");
	for (int i = 2; i <= 20000; i++) {
		buf_printf(&text, "GB %d,规矩%.*s\n", i, i % 7, "xxxxxxx");
		buf_printf(
		    &gbk, "GB %d,\xB9\xE6\xBE\xD8%.*s\n", i, i % 7, "xxxxxxx");
	}
	assert_int_equal(text.err, OK);
	for (int kind = 0; kind < 3; kind++) {
		size_t end = 0;
		if (kind == 2) {
			char *place = buf_reserve(&xz, 4 << 20);
			assert_int_equal(
			    lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL,
				(const uint8_t *)gbk.data, gbk.len,
				(uint8_t *)place, &end, 4 << 20),
			    LZMA_OK);
			xz.len = end;
		}
		assert_int_equal(open_bytes(kind == 2 ? "a.csv.xz" : "a.csv",
				     buf_view(kind == 0  ? &text
					     : kind == 1 ? &gbk
							 : &xz)),
		    OK);
		has_columns("标准号|名称");
		for (int i = 2; i <= 20000; i++) {
			char expected[64];
			snprintf(expected, sizeof(expected), "GB %d|规矩%.*s",
			    i, i % 7, "xxxxxxx");
			gives((size_t)i, expected);
		}
		next(ROW_END, 0);
		assert_int_equal(rows_percent(rows), 100);
	}
	/* Cut off. */
	xz.len -= 20;
	assert_int_equal(open_bytes("a.csv.xz", buf_view(&xz)), OK);
	do {
		buf_clear(&why);
		rows_next(rows, &row, &why);
	} while (row.kind == ROW_GOOD);
	assert_int_equal(row.kind, ROW_FAILED);
	assert_int_equal(row.err, ERR_INPUT);
	buf_release(&text);
	buf_release(&gbk);
	buf_release(&xz);
}

static void
a_file_that_is_missing_is_refused(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "%s/none.csv", folder);
	assert_int_equal(rows_open(path, &rows, &why), ERR_MISSING);
	assert_int_equal(rows_open(folder, &rows, &why), ERR_IO);
	path[0] = '\0';
}

/* Columns that some script needs have places; the fingerprint tells
 * these apart, and nothing else. */
static void
only_needed_columns_have_places(void **state)
{
	static const char *const own[] = {"line"};
	char first[COLUMNS_FINGERPRINT], second[COLUMNS_FINGERPRINT];
	struct names *names = NULL;
	struct columns columns;
	struct buf skipped;

	(void)state;
	buf_init(&skipped, 4096);
	assert_int_equal(names_new(own, 1, &names), OK);
	assert_int_equal(names_need(names, STR("title"), 1), 1);
	assert_int_equal(names_reserve(names, 2), OK);
	columns_init(&columns, names, "source");
	opens("a.csv",
	    "title,colour,line\nx,red,1\nx,blue,2\ny,red,1\n,red,1\n",
	    "title|colour|line");
	assert_int_equal(columns_map(&columns, rows, 1, &skipped), 1);
	assert_true(str_equal(buf_view(&skipped), STR("colour, line")));
	next(ROW_GOOD, 2);
	assert_int_equal(columns_offer(&columns, &row, first, &why), OK);
	next(ROW_GOOD, 3);
	assert_int_equal(columns_offer(&columns, &row, second, &why), OK);
	assert_memory_equal(first, second, COLUMNS_FINGERPRINT);
	next(ROW_GOOD, 4);
	assert_int_equal(columns_offer(&columns, &row, second, &why), OK);
	assert_memory_not_equal(first, second, COLUMNS_FINGERPRINT);
	next(ROW_GOOD, 5);
	assert_int_equal(columns_offer(&columns, &row, first, &why), OK);
	assert_memory_not_equal(first, second, COLUMNS_FINGERPRINT);
	columns_forget(&columns);
	columns_release(&columns);
	names_free(names);
	buf_release(&skipped);
}

static void
a_fingerprint_remembers_its_first_line(void **state)
{
	struct seen seen = {0};
	size_t earlier = 9;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 1; i <= 10000; i++) {
			assert_int_equal(
			    seen_add(&seen, i * 64, i, &earlier), OK);
			assert_int_equal(earlier, 0);
		}
		for (size_t i = 1; i <= 10000; i++) {
			assert_int_equal(
			    seen_add(&seen, i * 64, i + 20000, &earlier), OK);
			assert_int_equal(earlier, i);
		}
		seen_clear(&seen);
	}
	seen_release(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	    TEST(csv_cells_are_read),
	    TEST(a_malformed_row_costs_only_itself),
	    TEST(one_row_names_the_columns),
	    TEST(cells_may_be_separated_by_tabs),
	    TEST(lines_above_the_names_are_columns),
	    TEST(the_charset_is_found),
	    TEST(a_character_may_be_cut_anywhere),
	    TEST(long_and_compressed_files_are_read),
	    TEST(a_file_that_is_missing_is_refused),
	    TEST(the_row_of_names_tells_the_separator),
	    TEST(quotes_between_tabs_are_read),
	    TEST(quotes_in_csv_are_read),
	    TEST(formulas_are_refused_and_texts_are_read),
	    TEST(each_kind_of_line_end_ends_a_row),
	    TEST(wide_rows_and_empty_columns_are_read),
	    TEST(a_file_that_is_not_a_table_is_refused),
	    TEST(only_needed_columns_have_places),
	    TEST(a_fingerprint_remembers_its_first_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
