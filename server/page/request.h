/* SPDX-License-Identifier: ISC */
/*
 * A request in one form for all protocols, and what a page may know about a
 * protocol. wire/ checks the bytes and fills in the request; page/ reads the
 * request. All memory is in the request's arena and is freed with that arena.
 */
#ifndef GUIJU_PAGE_REQUEST_H
#define GUIJU_PAGE_REQUEST_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/metrics.h"
#include "base/str.h"
#include "base/url.h"
#include "page/words.h"
#include "text/write.h"

enum { PROTOCOLS_MAX = METRIC_PROTOCOLS };

/*
 * What a page may know about the protocol of a request: what the protocol can
 * do, never which protocol it is. Each struct wire (wire/wire.h) holds one
 * struct protocol.
 */
struct protocol {
	/* The URL scheme. It is also the protocol's name in settings, in the
	 * log, in the metrics and in pages. */
	const char *name;
	const char *title; /* as people write it: "Gemini" */
	unsigned port;     /* the default port: addresses leave it out */
	size_t line_max;   /* most bytes in a request line, without its end */
	/* The protocol serves pages that write, need a certificate or take an
	 * upload. If false, links to such pages lead to a protocol that serves
	 * them. */
	bool acts;
	/* The scheme of the addresses to which this protocol's readers upload.
	 * The first protocol has one; NULL: none. */
	const char *upload_scheme;
	/* The reader's input may be an upload, without a type, a token and an
	 * identity. So the protocol serves pages that take one, unless they
	 * need a certificate or write. */
	bool uploads_input;
	/* A reply can be a redirect. If false, the server itself follows a
	 * redirect to a menu and answers with that menu. */
	bool redirects;
	/* A page is a menu of typed items or wrapped text, and no reply has a
	 * media type (RFC 1436). */
	bool menus;
	/* The reader's input travels outside of the address, so a redirect
	 * loses the input. */
	bool input_apart;
	/* The mark that begins a gemtext link to a page that asks for input.
	 * NULL: such a link looks like any other. */
	const char *ask_mark;
	struct plain_style plain; /* how plain text looks */
};

/* The protocols that are served, and their ports. The first protocol serves
 * every page. */
struct services {
	struct service {
		const struct protocol *protocol;
		unsigned port; /* the public port; 0: not served */
	} item[PROTOCOLS_MAX];
	size_t count;
};

/* The public port of a protocol; 0: the protocol is not served. */
static inline unsigned
services_port(const struct services *services, const struct protocol *protocol)
{
	for (size_t i = 0; i < services->count; i++)
		if (services->item[i].protocol == protocol)
			return services->item[i].port;
	return 0;
}

/* What a client certificate says. wire/ does not refuse a certificate; pages
 * do. */
struct identity {
	struct str fingerprint; /* SHA-256 of the DER, 64 lower-case hex */
	/* SHA-256 of the DER of the public key, in the same form. A certificate
	 * that is renewed with the same key keeps it. Empty: not known. */
	struct str key;
	int64_t until;   /* seconds since 1970 of its end; 0: not known */
	struct str name; /* common name, cleaned; may be empty */
	bool valid;      /* within its dates, and its key is not weak */
	/* If not valid: the reason, and the date that fills its hole. */
	enum word fault;
	struct str fault_date;
};

/*
 * An upload. It is awaited when only its line is here: the page then says
 * whether its body is welcome (reply->awaits), and nothing is written.
 */
struct upload {
	struct str body;
	struct str mime;  /* as the client says; empty: text/gemini */
	struct str token; /* may be empty */
	uint64_t size;    /* the bytes of an awaited body */
	bool awaited;     /* body is empty still */
	/* It is the reader's input, by a protocol of uploads_input. A page
	 * without % upload takes it as the answer. no_answer: why it is none;
	 * empty: it is the request's input as well. */
	bool is_input;
	struct str no_answer;
};

/* Why a page does not run yet. Zeroed: it may run. */
struct costly {
	uint64_t mean_us; /* its processor time, at least 1 */
	bool unknown;     /* it writes, and nothing is known of it yet */
	bool sealed;      /* it is asked for with a good seal */
};

struct request {
	struct arena *arena;
	const struct protocol *protocol;
	struct path path;
	bool has_input;    /* the reader sent input, perhaps empty */
	struct str input;  /* decoded; its line ends are LF; its only
			    * other control is TAB */
	struct str query;  /* the same, still encoded; empty without input */
	struct str notice; /* a token (page/run/notice.h), cut from the query;
			    * empty: none */
	const struct identity *identity; /* NULL: no certificate */
	const struct upload *upload;     /* NULL: nothing uploaded */
	const struct ip *peer;           /* the client; NULL: not counted */
	/* Seconds to wait for a page that is costly on average, if it is not
	 * asked for with a seal; 0: it is served. */
	unsigned costly_wait_s;
	/* A page that is costly on average does not run, nor one that writes
	 * and has no average yet. It says so here, and the reply is to be
	 * dropped. NULL: the page runs. */
	struct costly *costly;
	/* No lane has come for a whole upload: the page does not run. It keeps
	 * the text as a draft and refuses. */
	bool sent_back;
	bool edit; /* Titan's ";edit" */
};

/* Is it an upload, or does it ask for the text that the reader will edit? */
static inline bool
request_uploads(const struct request *request)
{
	return request->upload != NULL || request->edit;
}

#endif
