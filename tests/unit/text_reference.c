/* SPDX-License-Identifier: ISC */
/* Addresses as people store them, and what a client is given instead. */
#include "text_fixture.h"

#include "base/url.h"
#include "text/reference.h"
#include "text/space.h"

/* expected NULL: no address can be made of it. */
static void
assert_mended(struct text_fixture *f, const char *text, const char *expected)
{
	struct str out;
	enum err err = reference_mend(f->arena, str_from(text), &out);

	if (expected == NULL) {
		if (err != ERR_INPUT)
			fail_msg("%s: taken as %.*s", text, STR_ARG(out));
		return;
	}
	if (err != OK || !str_equal(out, str_from(expected)))
		fail_msg("%s: %d %.*s, not %s", text, (int)err,
		    err == OK ? (int)out.len : 0, out.data, expected);
}

static void
sound_addresses_stay(void **state)
{
	struct text_fixture *f = *state;
	static const char *const sound[] = {"/", "?", "x", "../a/b.gmi#c",
	    "https://example.org:8443/a%20b?c=d&e#f", "//example.org/x",
	    "https://[2001:db8::1]:1965/x", "gopher://h/0/a?b",
	    "mailto:a@example.org?subject=x", "magnet:?xt=urn:btih:c0ffee",
	    "https://user@example.org/~me/(x);y='z'*!$,+",
	    "HTTPS://EXAMPLE.org/", "tel:+86-371-1234", "urn:isbn:1",
	    "https://xn--fsqu00a.xn--0zwm56d/", "https://a_b.example/"};

	for (size_t i = 0; i < sizeof(sound) / sizeof(*sound); i++)
		assert_mended(f, sound[i], sound[i]);
}

static void
characters_of_an_address_are_mended(void **state)
{
	struct text_fixture *f = *state;

	assert_mended(
	    f, "https://example.com/a|b", "https://example.com/a%7Cb");
	assert_mended(f, "/a^b", "/a%5Eb");
	assert_mended(f, "/{3F25-9C}.asp", "/%7B3F25-9C%7D.asp");
	assert_mended(f, "/?q=\"x\"&r=<y>", "/?q=%22x%22&r=%3Cy%3E");
	assert_mended(f, "/100%", "/100%25");
	assert_mended(f, "/50%off", "/50%25off");
	assert_mended(f, "/5%2", "/5%252");
	assert_mended(f, "/5%%20", "/5%25%20");
	assert_mended(f, "/`x`", "/%60x%60");
	assert_mended(f, "https://h/a\\b\\c", "https://h/a%5Cb%5Cc");
	assert_mended(f, "  /a b  ", "/a%20b");
	assert_mended(f, "/a[1].pdf", "/a%5B1%5D.pdf");
	assert_mended(f, "/a[1.pdf", "/a%5B1.pdf");
	assert_mended(f, "/a1].pdf", "/a1%5D.pdf");
	assert_mended(f, "/?id[]=1", "/?id%5B%5D=1");
	assert_mended(f, "/x#a#b#", "/x#a%23b%23");
	assert_mended(f, "/标准?号=é", "/%E6%A0%87%E5%87%86?%E5%8F%B7=%C3%A9");
	assert_mended(f, "/\xff\xc2", "/%FF%C2");
	assert_mended(f, "mailto:张三@example.org",
	    "mailto:%E5%BC%A0%E4%B8%89@example.org");
	assert_mended(f, "https://u|x:p^@example.org/",
	    "https://u%7Cx:p%5E@example.org/");
	/* A colon that ends no scheme. */
	assert_mended(f, "2026:1/x", "./2026:1/x");
	assert_mended(f, "标准:1.gmi", "./%E6%A0%87%E5%87%86:1.gmi");
	assert_mended(f, "/a:b", "/a:b");
	/* A second line, a terminal's command. */
	assert_mended(f, "/a\n=> /b", NULL);
	assert_mended(f, "/a\tb", NULL);
	assert_mended(f, "/\x1b[2J", NULL);
	assert_mended(f, "", NULL);
	assert_mended(f, "   ", NULL);
}

static void
hosts_become_ascii(void **state)
{
	struct text_fixture *f = *state;

	assert_mended(f, "https://例子.测试/路",
	    "https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF");
	assert_mended(
	    f, "https://例子。测试", "https://xn--fsqu00a.xn--0zwm56d");
	assert_mended(f, "https://%E4%BE%8B%E5%AD%90.%E6%B5%8B%E8%AF%95/",
	    "https://xn--fsqu00a.xn--0zwm56d/");
	assert_mended(f, "gopher://例子.测试:7070/1/x",
	    "gopher://xn--fsqu00a.xn--0zwm56d:7070/1/x");
	assert_mended(f, "//例子.测试/x", "//xn--fsqu00a.xn--0zwm56d/x");
	assert_mended(
	    f, "gemini://Bücher.Example", "gemini://xn--bcher-kva.example");
	assert_mended(f, "https://faß.de/", "https://xn--fa-hia.de/");
	assert_mended(
	    f, "https://пример.рф?x|y", "https://xn--e1afmkfd.xn--p1ai?x%7Cy");
	assert_mended(
	    f, "https://www.标准.中国/", "https://www.xn--q8q655c.xn--fiqs8s/");
	assert_mended(f, "misfin://王@例子.测试",
	    "misfin://%E7%8E%8B@xn--fsqu00a.xn--0zwm56d");
	assert_mended(f, "https://ｅｘａｍｐｌｅ.com/", "https://example.com/");
	assert_mended(f, "https://ex%61mple.com/", "https://example.com/");
	/* Behind "@", too: whoever sends a letter looks the host up. */
	assert_mended(
	    f, "mailto:desk@例子.测试", "mailto:desk@xn--fsqu00a.xn--0zwm56d");
	assert_mended(f, "MailTo:王@例子.测试?subject=号 1@测试",
	    "MailTo:%E7%8E%8B@xn--fsqu00a.xn--0zwm56d?subject=%E5%8F%B7%201@"
	    "%E6%B5%8B%E8%AF%95");
	assert_mended(f, "mailto:a@例子.测试,b@example.org,c@例子。测试",
	    "mailto:a@xn--fsqu00a.xn--0zwm56d,b@example.org,"
	    "c@xn--fsqu00a.xn--0zwm56d");
	assert_mended(f, "mailto:a%40b@%E4%BE%8B%E5%AD%90.%e6%b5%8b%e8%af%95",
	    "mailto:a%40b@xn--fsqu00a.xn--0zwm56d");
	assert_mended(f, "mailto:a@b%20c", NULL);
	assert_mended(
	    f, "https://h.example/@a%20b", "https://h.example/@a%20b");
	assert_mended(
	    f, "misfin:desk@例子.测试", "misfin:desk@xn--fsqu00a.xn--0zwm56d");
	assert_mended(f, "sip:desk@例子.测试:5060;transport=tcp",
	    "sip:desk@xn--fsqu00a.xn--0zwm56d:5060;transport=tcp");
	assert_mended(f, "mailto:标准", "mailto:%E6%A0%87%E5%87%86");
	assert_mended(f, "mailto:a@", "mailto:a@");
	assert_mended(f, "mailto:王@,b", "mailto:%E7%8E%8B@,b");
	assert_mended(f, "mailto:a@／.测试", NULL);
	/* XMPP's addresses stay UTF-8 (RFC 5122). */
	assert_mended(f, "xmpp:desk@例子.测试",
	    "xmpp:desk@%E4%BE%8B%E5%AD%90.%E6%B5%8B%E8%AF%95");
	/* No names: nobody is led to another host than the one that is read. */
	assert_mended(f, "https://ex^a.com/", NULL);
	assert_mended(f, "https://a b.测试/", NULL);
	assert_mended(f, "https://a|b.测试/", NULL);
	assert_mended(f, "https://h\\evil.example/", NULL);
	assert_mended(f, "https://测试／evil.example/", NULL);
	assert_mended(f, "https://a%2Fb.example/", NULL);
	assert_mended(f, "https://a%00b.example/", NULL);
	assert_mended(f, "https://\xff.example/", NULL);
	assert_mended(f, "https://-a.测试/", NULL);
	assert_mended(f, "https://xn--zz.测试/", NULL);
	assert_mended(f, "https://h:99999/测", NULL);
	assert_mended(f, "https://[::1/测", NULL);
	assert_mended(f, "https://[::1]/测", "https://[::1]/%E6%B5%8B");
}

/* Where a reader may be led by what is stored. */
static void
a_stored_address_leads_to_known_schemes(void **state)
{
	static const char *const good[] = {"/", "x|y", "x?u=https://h.example/",
	    "/go/https://h.example/", "./x://y", "x#a://b", "?u=//h",
	    "//example.org/", "irc://h/#room", "ircs://h/room", "xmpp:a@b",
	    "misfin:a@b", "misfin://a@b", "magnet:?xt=urn:btih:1",
	    "finger://h/u", "spartan://h/", "nex://h/", "guppy://h/", "tel:1",
	    "sip:a@b", "geo:34.7,113.6", "ftp://h/a b", "telnet://h", "sms:+86",
	    "https://例子.测试/"};
	static const char *const bad[] = {"javascript:alert(1)",
	    "JavaScript:alert(1)", "data:text/html,x", "vbscript:x",
	    "file:///etc/passwd", "about:blank", "blob:https://h/x", "x:y",
	    "https:h", "https://", "//", "///x",
	    "mailto:", "magnet:", "irc:", "<https://h.example/>",
	    "\"https://h.example/\"", "[https://h.example/]",
	    "http：//h.example/x", "(https://h.example/)",
	    "网址http://h.example/", "https;//h.example/x",
	    "\\\\server\\share\\x.doc", "C:\\x\\y", "ssh://-oProxyCommand=x",
	    "", "\t"};
	struct text_fixture *f = *state;
	struct str out;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (reference_stored(f->arena, str_from(good[i]), &out) != OK)
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (reference_stored(f->arena, str_from(bad[i]), &out) !=
		    ERR_INPUT)
			fail_msg("taken: %s", bad[i]);
}

/* ---- whatever comes ------------------------------------------------- */

static uint32_t seed = 20261130;

/* xorshift32 (Marsaglia 2003): the same on each machine. */
static unsigned
chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

/* Percent-decoded where there are two digits, else as it is. */
static struct str
decode_what_can_be(struct arena *arena, struct str text)
{
	struct buf mended;
	struct str out = STR("");

	buf_init(&mended, 1 << 16);
	for (size_t i = 0; i < text.len; i++) {
		struct str escape = str_slice(text, i, i + 3), byte;
		if (text.data[i] == '%' && escape.len == 3 &&
		    url_decode(arena, escape, &byte) == OK) {
			buf_str(&mended, byte);
			i += 2;
		} else {
			buf_char(&mended, text.data[i]);
		}
	}
	assert_int_equal(arena_take(arena, &mended, &out), OK);
	buf_release(&mended);
	return out;
}

static void
make_address(struct buf *out)
{
	static const char *const beginnings[] = {"", "/", "https://h.example/",
	    "gopher://h/1/", "irc://h/", "mailto:", "magnet:?", "x:", "?",
	    "//h/", "./", "foo", "https://", "javascript:"};
	static const char *const parts[] = {"标", "é", "🙂", "%", "%41",
	    "%zz", "#", "?", ":", "//", "[", "]", "{", "}", "|", "^", "`", "\"",
	    "<", ">", "\\", "\u200b", "\ufeff", "\u3000"};
	unsigned n = chance(12);

	buf_clear(out);
	buf_text(
	    out, beginnings[chance(sizeof(beginnings) / sizeof(*beginnings))]);
	while (n-- > 0)
		if (chance(2) == 0)
			buf_text(
			    out, parts[chance(sizeof(parts) / sizeof(*parts))]);
		else
			buf_char(out, (char)('!' + chance('~' - '!' + 1)));
}

static bool
has_host(const struct url *url)
{
	return url->has_authority ||
	    (str_equal_nocase(url->scheme, STR("mailto")) &&
		str_find_byte(url->path, '@') != SIZE_MAX);
}

/* An address is kept, and means the same, or it can be read. */
static void
no_address_is_lost(void **state)
{
	struct text_fixture *f = *state;
	struct buf address, line;

	buf_init(&address, 1 << 16);
	buf_init(&line, 1 << 16);
	for (int i = 0; i < 20000; i++) {
		const struct block *block;
		struct str kept, wanted;
		struct url url;

		make_address(&address);
		if (address.len == 0)
			continue;
		text_again(f);
		buf_clear(&line);
		buf_printf(&line, "=> %.*s label", STR_ARG(buf_view(&address)));
		read_gemtext(&f->blocks, buf_view(&line), 0);
		block = f->blocks.first;
		assert_non_null(block);
		assert_null(block->next);
		if (block->type == BLOCK_TEXT) {
			buf_clear(&line);
			buf_text(&line, "label <");
			utf8_add_line(&line, space_trim(buf_view(&address)));
			buf_text(&line, ">");
			if (!str_equal(block->text, buf_view(&line)))
				fail_msg("%.*s became %.*s",
				    STR_ARG(buf_view(&address)),
				    STR_ARG(block->text));
			continue;
		}
		assert_int_equal(block->type, BLOCK_LINK);
		assert_int_equal(url_parse(block->url, &url), OK);
		for (size_t at = 0; at < block->url.len; at++)
			assert_in_range(block->url.data[at], '!', '~');
		kept = decode_what_can_be(f->arena, block->url);
		wanted = decode_what_can_be(f->arena, buf_view(&address));
		if (str_starts(kept, STR("./")) &&
		    !str_starts(wanted, STR("./")))
			kept = str_slice(kept, 2, kept.len);
		/* A host is another text, and is looked at above. */
		if (!str_equal(kept, wanted) && !has_host(&url))
			fail_msg("%.*s became %.*s",
			    STR_ARG(buf_view(&address)), STR_ARG(block->url));
		if (url.has_authority && str_starts(url.host, STR("h")) &&
		    !str_equal(kept, wanted))
			fail_msg("%.*s became %.*s",
			    STR_ARG(buf_view(&address)), STR_ARG(block->url));
	}
	buf_release(&address);
	buf_release(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {TEXT_TEST(sound_addresses_stay),
	    TEXT_TEST(characters_of_an_address_are_mended),
	    TEXT_TEST(hosts_become_ascii),
	    TEXT_TEST(a_stored_address_leads_to_known_schemes),
	    TEXT_TEST(no_address_is_lost)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
