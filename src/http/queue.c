/* queue.c - bounded queues of one class and the workers that empty them. */
#include "http/priv.h"
#include "os/os.h"

bool
http_queue_init(struct http_queue *q, int max, int wait_ms)
{
    *q = (struct http_queue){.max = max, .wait_ms = wait_ms};
    if (pthread_mutex_init(&q->lock, NULL) != 0)
        return false;
    if (pthread_cond_init(&q->cond, NULL) != 0) {
        pthread_mutex_destroy(&q->lock);
        return false;
    }
    return true;
}

void
http_queue_destroy(struct http_queue *q)
{
    pthread_cond_destroy(&q->cond);
    pthread_mutex_destroy(&q->lock);
}

bool
http_queue_push(struct http_queue *q, struct http_job *j)
{
    j->next = NULL;
    j->queued = os_mono_us();
    pthread_mutex_lock(&q->lock);
    bool room = q->n < q->max && !q->stop;
    if (room) {
        if (q->last)
            q->last->next = j;
        else
            q->first = j;
        q->last = j;
        q->n++;
        pthread_cond_signal(&q->cond);
    }
    pthread_mutex_unlock(&q->lock);
    return room;
}

void
http_queue_stop(struct http_queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->stop = true;
    pthread_cond_broadcast(&q->cond);
    pthread_mutex_unlock(&q->lock);
}

int
http_queue_length(struct http_queue *q)
{
    pthread_mutex_lock(&q->lock);
    int n = q->n;
    pthread_mutex_unlock(&q->lock);
    return n;
}

/* Waits for a job; NULL when the queue was stopped and is empty. */
static struct http_job *
queue_pop(struct http_queue *q)
{
    pthread_mutex_lock(&q->lock);
    while (!q->first && !q->stop)
        pthread_cond_wait(&q->cond, &q->lock);
    struct http_job *j = q->first;
    if (j) {
        q->first = j->next;
        if (!q->first)
            q->last = NULL;
        q->n--;
    }
    pthread_mutex_unlock(&q->lock);
    return j;
}

void *
http_worker_main(void *arg)
{
    struct http_worker *w = arg;
    struct http_job *j;
    while ((j = queue_pop(w->queue)) != NULL) {
        struct http_server *s = w->srv;
        bool late = os_mono_us() - j->queued > (int64_t)w->queue->wait_ms * 1000;
        if (late || atomic_load(&s->expired))
            http_refuse(j, 503);
        else
            s->cfg.handle(s->cfg.arg, w->local, &j->plan, &j->req, &j->resp);
        http_job_done(j);
    }
    return NULL;
}
