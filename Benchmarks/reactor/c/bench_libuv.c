// The works of the benchmark on libuv.
//
//     bench_libuv WORK COUNT

#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static uv_loop_t *loop;
static long wanted;
static long started;
static long done;

// What libuv itself reports is below zero.
static void check(int result, const char *what) {
    if (result >= 0) return;
    fprintf(stderr, "%s: %s\n", what, uv_strerror(result));
    exit(111);
}

// MARK: Calls. libuv has none; an idle handle that starts itself again is the nearest.

static void called(uv_idle_t *idle) {
    uv_idle_stop(idle);
    if (++done < wanted) uv_idle_start(idle, called);
}

static void callsoon_chain(void) {
    uv_idle_t idle;
    uv_idle_init(loop, &idle);
    uv_idle_start(&idle, called);
    uv_run(loop, UV_RUN_DEFAULT);
}

// MARK: Posts between two loops on two threads

static struct {
    uv_loop_t loop;
    uv_async_t async;
} sides[2];
static atomic_bool over;

static void posted_here(uv_async_t *async) {
    if (++done == wanted) {
        over = 1;
        uv_stop(async->loop);
    }
    uv_async_send(&sides[1].async);
}

static void posted_there(uv_async_t *async) {
    if (over) uv_stop(async->loop);
    else uv_async_send(&sides[0].async);
}

static void run_there(void *argument) {
    (void)argument;
    uv_run(&sides[1].loop, UV_RUN_DEFAULT);
}

static void post_pingpong(void) {
    uv_thread_t thread;
    for (int side = 0; side < 2; side++) check(uv_loop_init(&sides[side].loop), "uv_loop_init");
    check(uv_async_init(&sides[0].loop, &sides[0].async, posted_here), "uv_async_init");
    check(uv_async_init(&sides[1].loop, &sides[1].async, posted_there), "uv_async_init");
    check(uv_thread_create(&thread, run_there, NULL), "uv_thread_create");
    uv_async_send(&sides[1].async);
    uv_run(&sides[0].loop, UV_RUN_DEFAULT);
    uv_thread_join(&thread);
}

// MARK: Timers

static long long last_due;

static void fired(uv_timer_t *timer) {
    long long due = (long long)(intptr_t)timer->data;
    if (due < last_due) die("timers out of order");
    last_due = due;
    done++;
}

static uv_timer_t *schedule(long spread_ms, long delay_ms) {
    uv_timer_t *timers = calloc((size_t)wanted, sizeof *timers);
    for (long index = 0; index < wanted; index++) {
        long due = delay_ms + (long)((double)shuffled(index, wanted) / wanted * spread_ms);
        timers[index].data = (void *)(intptr_t)due;
        uv_timer_init(loop, &timers[index]);
        uv_timer_start(&timers[index], fired, (uint64_t)due, 0);
    }
    return timers;
}

static void timers_cancel(void) {
    uv_timer_t *timers = schedule(3600000, 3600000);
    for (long index = 0; index < wanted; index++) uv_timer_stop(&timers[index]);
    uv_run(loop, UV_RUN_NOWAIT);
    free(timers);
}

// All are due when the loop gets to run: the time of waiting is taken out.
static double timers_fire(void) {
    uv_update_time(loop);
    uv_timer_t *timers = schedule(100, 1000);
    double pause = now().wall;
    usleep(1110000);
    pause = now().wall - pause;
    uv_run(loop, UV_RUN_DEFAULT);
    free(timers);
    return pause;
}

// MARK: The thread pool

static void nothing(uv_work_t *work) {
    (void)work;
}

static void worked(uv_work_t *work, int status) {
    check(status, "uv_queue_work");
    done++;
    if (started == wanted) return;
    started++;
    uv_queue_work(loop, work, nothing, worked);
}

static void pool(long at_once) {
    uv_work_t works[100];
    for (; started < at_once && started < wanted; started++)
        uv_queue_work(loop, &works[started], nothing, worked);
    uv_run(loop, UV_RUN_DEFAULT);
}

// MARK: Processes

static void exited(uv_process_t *process, int64_t status, int signal);

static void start(uv_process_t *process, char **arguments, uv_stdio_container_t *output) {
    static char *environment[] = {NULL};
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_INHERIT_FD, .data.fd = 0},
        {.flags = UV_INHERIT_FD, .data.fd = 1},
        {.flags = UV_INHERIT_FD, .data.fd = 2},
    };
    if (output) stdio[1] = *output;
    uv_process_options_t options = {
        .file = arguments[0],
        .args = arguments,
        .env = environment,
        .exit_cb = exited,
        .stdio = stdio,
        .stdio_count = 3,
    };
    check(uv_spawn(loop, process, &options), "uv_spawn");
    started++;
}

static char *nothing_to_do[] = {"/bin/true", NULL};

static void closed(uv_handle_t *handle) {
    if (started < wanted) start((uv_process_t *)handle, nothing_to_do, NULL);
}

static void exited(uv_process_t *process, int64_t status, int signal) {
    if (status != 0 || signal != 0) die("the child failed");
    done++;
    uv_close((uv_handle_t *)process, closed);
}

static void spawn(long at_once) {
    uv_process_t processes[8];
    for (long index = 0; index < at_once; index++) start(&processes[index], nothing_to_do, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
}

// MARK: The output of a child

static char buffer[65536];
static long long received;
static int file = -1;

static void lend(uv_handle_t *handle, size_t wish, uv_buf_t *lent) {
    (void)handle, (void)wish;
    *lent = uv_buf_init(buffer, sizeof buffer);
}

static void got(uv_stream_t *stream, ssize_t count, const uv_buf_t *lent) {
    if (count == UV_EOF) return uv_close((uv_handle_t *)stream, NULL);
    check((int)count, "read");
    received += count;
    if (file < 0) return;
    uv_fs_t request;
    uv_buf_t bytes = uv_buf_init(lent->base, (unsigned)count);
    check(uv_fs_write(loop, &request, file, &bytes, 1, -1, NULL), "write");
    uv_fs_req_cleanup(&request);
}

static void child_read(char *count) {
    uv_pipe_t pipe;
    uv_process_t process;
    char *arguments[] = {FLOOD, count, NULL};
    uv_pipe_init(loop, &pipe, 0);
    uv_stdio_container_t output = {
        .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
        .data.stream = (uv_stream_t *)&pipe,
    };
    started = wanted - 1;
    start(&process, arguments, &output);
    uv_read_start((uv_stream_t *)&pipe, lend, got);
    uv_run(loop, UV_RUN_DEFAULT);
    if (received != (long long)wanted << 20) die("bytes are missing");
    done = wanted;
}

static void child_to_file(char *count) {
    file = must(open(SINK, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), "open");
    child_read(count);
    close(file);
}

int main(int argc, char **argv) {
    if (argc != 3) return 100;
    const char *work = argv[1];
    double pause = 0;
    loop = uv_default_loop();
    wanted = atol(argv[2]);
    struct clocks begin = now();
    if (strcmp(work, "callsoon-chain") == 0) callsoon_chain();
    else if (strcmp(work, "post-pingpong") == 0) post_pingpong();
    else if (strcmp(work, "timers-cancel") == 0) timers_cancel(), done = wanted;
    else if (strcmp(work, "timers-fire") == 0) pause = timers_fire();
    else if (strcmp(work, "pool-1") == 0) pool(1);
    else if (strcmp(work, "pool-100") == 0) pool(100);
    else if (strcmp(work, "spawn-1") == 0) spawn(1);
    else if (strcmp(work, "spawn-8") == 0) spawn(8);
    else if (strcmp(work, "child-read") == 0) child_read(argv[2]);
    else if (strcmp(work, "child-read-socket") == 0) child_read(argv[2]);
    else if (strcmp(work, "child-to-file") == 0) child_to_file(argv[2]);
    else return printf("unsupported %s\n", work), 0;
    struct clocks end = now();
    if (done != wanted) die("not all was done");
    end.wall -= pause;
    unlink(SINK);
    report(work, wanted, begin, end);
    return 0;
}
