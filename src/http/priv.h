/* priv.h - the inside of the server, shared by server.c, io.c, conn.c, send.c and queue.c.
 *
 * Threads: each http_io owns its connections; nothing else touches them. A job in the hands of a worker or of
 * the writer (state CONN_RUN) comes back through the io's list of finished jobs, which its lock guards.
 * Sockets are edge-triggered and registered once, so a request costs no epoll_ctl.
 */
#ifndef HTTP_PRIV_H
#define HTTP_PRIV_H
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "http/http.h"
#include "http/parse.h"
#include "http/tls.h"

enum http_times {
    HTTP_TLS_MS = 5 * 1000, /* for a handshake */
    HTTP_HEAD_MS = 10 * 1000,
    HTTP_IDLE_MS = 60 * 1000,
    HTTP_GRACE_MS = 5 * 1000, /* before the byte rate is looked at */
    HTTP_RATE = 1024,         /* bytes a second, at least, for bodies and answers */
    HTTP_LINGER_MS = 2 * 1000,
    HTTP_STOP_MS = 10 * 1000,
    HTTP_SWEEP_MS = 200
};
enum http_sizes {
    HTTP_IN_STEP = 4 * 1024,
    HTTP_TLS_PIECE = 16 * 1024,        /* one record */
    HTTP_LINGER_MAX = 4 * 1024 * 1024, /* bytes thrown away after a refusal */
    HTTP_ROUNDS = 32,                  /* steps of one connection before others get their turn */
    HTTP_SPARE = 32                    /* arenas kept by a thread */
};

enum conn_state { CONN_TLS, CONN_HEAD, CONN_BODY, CONN_RUN, CONN_SEND, CONN_LINGER, CONN_CLOSED };

struct http_conn {
    struct http_io *io;
    struct http_conn *prev, *next; /* all connections of the thread */
    struct http_conn *again;       /* next in the io's list of connections with work left */
    struct http_job *job;          /* from the head to the end of the answer */
    int fd;
    struct ssl_st *ssl; /* NULL: plain, or not begun */
    enum conn_state state;
    bool plain;  /* speaks no TLS though it should: gets cfg.plain's answer */
    bool broken; /* reset by the peer; only waits for its job */
    bool eof;    /* the peer sends no more */
    bool close;  /* after this answer */
    bool in_again;
    bool begun; /* some bytes of a head are here */
    bool chunked;
    char *in; /* received and not yet used: in[pos..n) */
    size_t pos, n, size, scanned;
    uint64_t left;  /* body bytes to come */
    uint64_t moved; /* bytes of the body, answer or linger so far */
    struct http_chunks chunks;
    int64_t since;    /* os_mono_us of the state's begin (idle: of the last answer) */
    int64_t progress; /* of the last byte sent */
    struct strv head_out;
    struct strv body_out;
    uint64_t addr_key;
    char remote[48];
};

struct http_job {
    struct http_server *srv;
    struct http_conn *conn;
    struct http_job *next;
    struct arena *arena;
    struct http_request req;
    struct http_plan plan;
    struct http_response resp;
    struct strbuf body;
    const char *spool_path;
    int spool_fd;
    bool spooling;
    int64_t t0, queued; /* os_mono_us */
    bool parsed;        /* req is filled */
    bool http_1_0;
    bool writing; /* counted in srv->writing */
};

struct http_io {
    struct http_server *srv;
    pthread_t thread;
    int epfd, evfd;
    int listen_tag, event_tag; /* only their addresses are used */
    bool listening;
    int64_t listen_again; /* os_mono_us: out of descriptors until then */
    struct http_conn *conns;
    size_t n_conns;
    struct http_conn *again;
    int64_t now; /* os_mono_us at the start of this round */
    int64_t swept;
    pthread_mutex_t lock; /* guards done */
    struct http_job *done;
    struct arena *spare[HTTP_SPARE];
    size_t n_spare;
    int64_t date_s;
    char date[40];
};

struct http_queue {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    struct http_job *first, *last;
    int n, max;
    int wait_ms; /* older jobs are dropped before they start */
    bool stop;
};

struct http_worker {
    struct http_server *srv;
    struct http_queue *queue;
    pthread_t thread;
    void *local;
    bool have_local;
};

struct http_peer { /* connections of one address */
    uint64_t key;
    int n;
    struct http_peer *next;
};
enum { HTTP_PEER_BUCKETS = 1024 };

struct http_server {
    struct http_config cfg;
    int listen_fd;
    uint16_t port;
    struct http_io *ios;
    int n_ios;
    struct http_worker *workers;
    int n_workers;
    struct http_queue queues[HTTP_CLASS_COUNT_];
    atomic_int writing; /* jobs of class WRITE not yet done */
    atomic_bool stopping;
    atomic_bool expired; /* the time to finish is over: queued jobs are refused */
    int64_t stop_at;     /* os_mono_us; written before stopping */
    atomic_int_fast64_t open, requests, refused;
    pthread_mutex_t peer_lock;
    struct http_peer *peers[HTTP_PEER_BUCKETS];
};

/* server.c */
bool http_peer_add(struct http_server *s, uint64_t key);
void http_peer_remove(struct http_server *s, uint64_t key);

/* io.c */
void *http_io_main(void *arg);
void http_io_again(struct http_conn *c);
struct arena *http_io_arena(struct http_io *io);
void http_io_arena_back(struct http_io *io, struct arena *a);

/* conn.c */
void http_conn_open(struct http_io *io, int fd, const struct sockaddr_storage *sa);
void http_conn_step(struct http_conn *c);
void http_conn_sweep(struct http_conn *c, int64_t now);
void http_conn_done(struct http_conn *c); /* its job came back */
void http_conn_free(struct http_conn *c);

/* proxy.c */
/* Replaces the request's remote address by the one a trusted proxy names. */
void http_forwarded(struct http_conn *c);
/* May this address connect (cfg.only_trusted)? */
bool http_may_connect(const struct http_config *cfg, struct strv address);

/* send.c */
/* Turns the job's answer into bytes and starts to send. */
void http_send_begin(struct http_conn *c);
/* False: the socket takes no more for now. True: another state. */
bool http_send_step(struct http_conn *c);
/* Replaces the answer by a refusal. */
void http_refuse(struct http_job *j, int status);

/* spool.c */
/* False: no file could be made, or written. */
bool http_spool_begin(struct http_job *j);
bool http_spool_take(struct http_job *j);
void http_spool_ready(struct http_job *j); /* the body is whole */
void http_spool_end(struct http_job *j);

/* queue.c */
bool http_queue_init(struct http_queue *q, int max, int wait_ms);
void http_queue_destroy(struct http_queue *q);
bool http_queue_push(struct http_queue *q, struct http_job *j);
void http_queue_stop(struct http_queue *q);
int http_queue_length(struct http_queue *q);
void *http_worker_main(void *arg);
#endif
