/* Readers of one room: a WebSocket load client on epoll, one thread, for bench/rooms.py.

   rooms MODE PORT READERS RAMP RATE ADDRESSES [ROOM TOKENS]

   MODE `room`: speaks the gateway's protocol (wire/envelope.py): hello with a line of the file
   TOKENS, join ROOM, then lines of chat in turn. MODE `plain`: no protocol; whatever binary message
   a reader sends, the server sends to all. RAMP is connections a second, RATE lines a second from
   all readers together, ADDRESSES how many addresses 127.0.0.2, 127.0.0.3 … they come from.

   Orders come on stdin, a letter each: `t` talk, `c` count from here, `s` stop talking and counting.
   It says `joined N` once everybody is in or turned away (who is told to wait asks again), and a
   JSON object once it has stopped and nothing more comes. A delivery is one line at one reader: an item of a batch frame, or a plain
   frame. Every line of 100 bytes begins with `@` and the nanosecond it was sent at, 16 hex digits. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "latency.h"
#include "messagepack.h"

#define LINE 100
#define MOST_ITEMS 4096
#define BUFFER (1 << 20)
enum { CONNECTING = 1, GREETING, JOINING, WAITING, READING, OVER };
#define PATIENCE 120 /* seconds that a reader keeps asking to come in */

typedef struct {
    int fd, state;
    uint8_t *left; /* bytes of a frame that has not come whole */
    size_t held, room;
    uint32_t number, epoch;
    uint64_t offset; /* of the last line that this reader has */
    uint64_t again_at; /* when it asks again, told to wait */
} Reader;

static Reader *readers;
static int most, made, settled, gone, plain, talking, counting, stopped;
static uint64_t deliveries, frames, bytes, lost, twice, said, accepted, refused, gaps, unseen;
static uint64_t last_frame_at, newest, start, asked_again;
static char **tokens;
static const char *room_name = "";

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* Frames to the server: masked, as clients must, with the mask of zeroes that costs nothing. */
static void send_frame(Reader *r, const uint8_t *content, size_t size, int opcode) {
    uint8_t out[8 + 4096] = {(uint8_t)(0x80 | opcode)};
    size_t head = size < 126 ? 2 : 4;
    if (size > 4096) return;
    out[1] = 0x80 | (uint8_t)(size < 126 ? size : 126);
    if (head == 4) out[2] = (uint8_t)(size >> 8), out[3] = (uint8_t)size;
    memset(out + head, 0, 4);
    memcpy(out + head + 4, content, size);
    if (send(r->fd, out, head + 4 + size, MSG_NOSIGNAL) < 0) perror("send");
}

static void say_hello(Reader *r) {
    uint8_t out[4096] = {1, 0x92, 1};
    uint8_t *end = put_text(out + 3, tokens[r - readers], strlen(tokens[r - readers]));
    send_frame(r, out, (size_t)(end - out), 2);
    r->state = GREETING;
}

static void join(Reader *r) {
    uint8_t out[128] = {1, 0x94, 2};
    uint8_t *end = put_text(out + 3, room_name, strlen(room_name));
    *end++ = 0, *end++ = 0;
    send_frame(r, out, (size_t)(end - out), 2);
    r->state = JOINING;
}

/* A line of 100 bytes: the stamp and 27 characters of danmaku, never the same twice. */
static void say(Reader *r) {
    static const char *const words[] = {"好看", "支持", "海市", "这个展位怎么去", "求合作", "期待", "价格多少",
        "什么时候开始", "主播讲得好", "可以交换名片吗", "开幕了", "来了", "这套模型真细", "什么版本", "下单了"};
    uint8_t out[160] = {1, 0x94, 4, 0xce};
    char line[LINE + 64], nonce[24];
    size_t at = (size_t)sprintf(line, "@%016lx", now_ns());
    while (at < LINE - 3) {
        const char *word = words[rand() % (int)(sizeof words / sizeof *words)];
        size_t size = strlen(word), room = (LINE - at) / 3 * 3;
        memcpy(line + at, word, size < room ? size : room);
        at += size < room ? size : room;
    }
    while (at < LINE) line[at++] = (char)('0' + rand() % 10);
    said++;
    if (plain) {
        send_frame(r, (uint8_t *)line, LINE, 2);
        return;
    }
    for (int i = 0; i < 4; i++) out[4 + i] = (uint8_t)(r->number >> (24 - 8 * i));
    uint8_t *end = put_text(out + 8, nonce, (size_t)sprintf(nonce, "%lu", said));
    end = put_text(end, line, LINE);
    send_frame(r, out, (size_t)(end - out), 2);
}

static void settle(Reader *r, int state) {
    if (r->state < READING) settled++;
    r->state = state;
    if (state == OVER) gone++;
}

/* A full house: the reader comes again, as a browser does. Its line stays open or not. */
static void wait_a_while(Reader *r, uint64_t ms) {
    if (now_ns() - start > PATIENCE * 1000000000ull) settle(r, OVER);
    else r->state = WAITING, r->again_at = now_ns() + ms * 1000000, asked_again++;
}

static void take_message(Reader *r, Slice from) {
    from.at++; /* an array */
    switch (take_number(&from)) {
    case 1:
        if (r->state == GREETING) join(r);
        break;
    case 2:
        skip_text(&from);
        r->number = (uint32_t)take_number(&from);
        r->epoch = (uint32_t)take_number(&from);
        r->offset = take_number(&from);
        settle(r, READING);
        break;
    case 3:
        accepted++;
        skip_text(&from);
        unseen += take_number(&from) == 0; /* kept, and left out of the room by a flood */
        break;
    case 4:
        refused++;
        if (r->state != JOINING) break;
        skip_text(&from);
        int busy = from.at + 5 <= from.end && !memcmp(from.at, "\xa4" "busy", 5);
        skip_text(&from);
        if (busy) wait_a_while(r, take_number(&from));
        else settle(r, OVER);
        break;
    case 6:
        gaps++;
        break;
    }
}

/* The stamps of a body; the last one is remembered, since a room's readers get the same bytes. */
static struct { uint8_t body[BUFFER]; size_t size; int count; uint64_t stamps[MOST_ITEMS]; } seen;

static uint64_t stamp_of(const uint8_t *item, size_t size) {
    char digits[17] = {0}, *end;
    for (const uint8_t *at = item; (at = memchr(at, '@', (size_t)(item + size - at))); at++) {
        if (at + 17 > item + size) break;
        memcpy(digits, at + 1, 16);
        uint64_t stamp = strtoull(digits, &end, 16);
        if (end == digits + 16) return stamp;
    }
    fprintf(stderr, "a line without a stamp\n");
    return now_ns();
}

static int read_items(const uint8_t *body, size_t size, int deflated) {
    static uint8_t whole[BUFFER];
    if (seen.size == size && !memcmp(seen.body, body, size)) return seen.count;
    memcpy(seen.body, body, size);
    seen.size = size, seen.count = 0;
    if (deflated) {
        z_stream z = {.next_in = (Bytef *)body, .avail_in = (uInt)size, .next_out = whole, .avail_out = BUFFER};
        inflateInit2(&z, -15);
        if (inflate(&z, Z_FINISH) != Z_STREAM_END) fprintf(stderr, "a batch that does not inflate\n");
        body = whole, size = z.total_out;
        inflateEnd(&z);
    }
    for (size_t at = 0; at + 2 <= size && seen.count < MOST_ITEMS;) {
        size_t length = body[at] | (size_t)body[at + 1] << 8;
        seen.stamps[seen.count++] = stamp_of(body + at + 2, length);
        at += 2 + length;
    }
    return seen.count;
}

static void take_batch(Reader *r, const uint8_t *frame, size_t size, uint64_t now) {
    uint16_t count;
    uint32_t epoch;
    uint64_t last;
    memcpy(&count, frame + 2, 2), memcpy(&epoch, frame + 8, 4), memcpy(&last, frame + 12, 8);
    if (read_items(frame + 20, size - 20, frame[1] & 1) != count) fprintf(stderr, "items are missing\n");
    uint64_t first = last - count + 1, expected = epoch == r->epoch ? r->offset + 1 : 1;
    if (first > expected) lost += first - expected;
    if (first < expected) twice += expected - first;
    r->epoch = epoch, r->offset = last;
    if (last > newest) newest = last;
    if (!counting) return;
    deliveries += count;
    for (int i = 0; i < count; i++) record((now - seen.stamps[i]) / 1000, 1);
}

static void take_frame(Reader *r, int opcode, const uint8_t *frame, size_t size, uint64_t now) {
    if (opcode == 9) {
        send_frame(r, frame, size, 10);
        return;
    }
    if (opcode != 2 || !size) return;
    frames += (uint64_t)counting, bytes += counting ? size : 0;
    last_frame_at = now;
    if (plain) {
        if (size != LINE || frame[0] != '@') fprintf(stderr, "not a line\n");
        r->offset++;
        if (counting) deliveries++, record((now - stamp_of(frame, size)) / 1000, 1);
    } else if (frame[0] == 1) take_message(r, (Slice){frame + 1, frame + size});
    else if (frame[0] == 2 && size > 20) take_batch(r, frame, size, now);
}

/* As many whole frames as there are; returns the bytes used. */
static size_t take_frames(Reader *r, const uint8_t *data, size_t size, uint64_t now) {
    size_t at = 0;
    while (size - at >= 2) {
        size_t head = 2, length = data[at + 1] & 127;
        if (length == 126) head = 4;
        else if (length == 127) head = 10;
        if (size - at < head) break;
        if (head > 2) length = 0;
        for (size_t i = 2; i < head; i++) length = length << 8 | data[at + i];
        if (size - at < head + length) break;
        take_frame(r, data[at] & 15, data + at + head, length, now);
        at += head + length;
    }
    return at;
}

static void take(Reader *r, uint8_t *data, size_t size, uint64_t now) {
    size_t used = 0;
    if (r->state == CONNECTING) {
        uint8_t *end = memmem(data, size, "\r\n\r\n", 4);
        if (!end) return; /* the answer to a handshake comes in one piece on the loopback */
        if (memcmp(data, "HTTP/1.1 101", 12)) {
            if (memcmp(data, "HTTP/1.1 503", 12)) settle(r, OVER);
            else wait_a_while(r, 2000 + (uint64_t)(rand() % 6000));
            return;
        }
        used = (size_t)(end + 4 - data);
        if (plain) settle(r, READING);
        else say_hello(r);
    }
    used += take_frames(r, data + used, size - used, now);
    r->held = size - used;
    if (r->held > r->room) r->left = realloc(r->left, r->room = r->held + 256);
    if (r->held) memmove(r->left, data + used, r->held);
}

static void receive(Reader *r, int poll) {
    static uint8_t data[BUFFER];
    memcpy(data, r->left, r->held);
    ssize_t size = recv(r->fd, data + r->held, BUFFER - r->held, MSG_DONTWAIT);
    if (size > 0) {
        take(r, data, r->held + (size_t)size, now_ns());
    } else if (size == 0 || errno != EAGAIN) {
        epoll_ctl(poll, EPOLL_CTL_DEL, r->fd, NULL);
        close(r->fd);
        r->fd = -1, r->held = 0;
        if (r->state < WAITING || r->state == READING) settle(r, OVER);
    }
}

static int connect_one(Reader *r, int port, int addresses, int poll) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}, from = to;
    int yes = 1;
    char request[256];
    r->fd = socket(AF_INET, SOCK_STREAM, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)((r - readers) % addresses));
    from.sin_port = 0;
    setsockopt(r->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(r->fd, (void *)&from, sizeof from) || connect(r->fd, (void *)&to, sizeof to)) {
        perror("connect");
        return -1;
    }
    setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    int size = snprintf(request, sizeof request,
        "GET /rt HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", port);
    r->state = CONNECTING;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = r};
    epoll_ctl(poll, EPOLL_CTL_ADD, r->fd, &event);
    return send(r->fd, request, (size_t)size, MSG_NOSIGNAL) == size ? 0 : -1;
}

static void ask_again(int port, int addresses, int poll) {
    for (Reader *r = readers; r < readers + made; r++) {
        if (r->state != WAITING || r->again_at > now_ns()) continue;
        if (r->fd >= 0) join(r);
        else if (connect_one(r, port, addresses, poll)) settle(r, OVER);
    }
}

static void read_tokens(const char *path) {
    FILE *file = fopen(path, "r");
    char line[2048];
    tokens = calloc((size_t)most, sizeof *tokens);
    for (int i = 0; file && i < most && fgets(line, sizeof line, file); i++) {
        line[strcspn(line, "\n")] = 0;
        tokens[i] = strdup(line);
    }
    if (!file || !tokens[most - 1]) exit((fprintf(stderr, "a token for every reader\n"), 2));
}

static void obey(int poll) {
    char order;
    if (read(0, &order, 1) != 1) exit(1);
    if (order == 't') talking = 1;
    if (order == 'c') counting = 1;
    if (order != 's') return;
    talking = counting = 0, stopped = 1, last_frame_at = now_ns();
    epoll_ctl(poll, EPOLL_CTL_DEL, 0, NULL); /* nothing more is ordered; its end is no news */
}

static void report(void) {
    int reading = 0;
    struct rusage used;
    if (plain)
        for (int i = 0; i < made; i++) newest = readers[i].offset > newest ? readers[i].offset : newest;
    for (int i = 0; i < made; i++)
        if (readers[i].state == READING) reading++, lost += newest - readers[i].offset;
    if (plain && said > newest) lost += said - newest;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"connected\": %d, \"gone\": %d, \"deliveries\": %lu, \"frames\": %lu, \"bytes\": %lu, \"lost\": %lu, "
           "\"twice\": %lu, \"said\": %lu, \"accepted\": %lu, \"refused\": %lu, \"unseen\": %lu, \"gaps\": %lu, \"asked_again\": %lu, "
           "\"p50_ms\": %.1f, \"p99_ms\": %.1f, \"most_ms\": %.1f, \"client_cpu_s\": %.2f}\n",
           reading, gone, deliveries, frames, bytes, lost, twice, said, accepted, refused, unseen, gaps, asked_again,
           percentile(.5), percentile(.99), percentile(1),
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
}

int main(int count, char **given) {
    if (count < 7) return fprintf(stderr, "rooms MODE PORT READERS RAMP RATE ADDRESSES [ROOM TOKENS]\n"), 2;
    plain = !strcmp(given[1], "plain"), most = atoi(given[3]);
    int port = atoi(given[2]), ramp = atoi(given[4]), addresses = atoi(given[6]), told = 0;
    double rate = atof(given[5]);
    if (!plain) room_name = given[7], read_tokens(given[8]);
    readers = calloc((size_t)most, sizeof *readers);
    int poll = epoll_create1(0);
    struct epoll_event events[1024], orders = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poll, EPOLL_CTL_ADD, 0, &orders);
    uint64_t next = 0, turn = 0;
    start = now_ns();
    while (!stopped || now_ns() - last_frame_at < 3000000000ull) {
        uint64_t now = now_ns();
        int want = (int)((double)(now - start) / 1e9 * ramp) + 1;
        while (made < most && made < want)
            if (connect_one(&readers[made++], port, addresses, poll)) settle(&readers[made - 1], OVER);
        if (settled < made) ask_again(port, addresses, poll);
        if (settled == most && !told) told = printf("joined %d\n", most - gone), fflush(stdout);
        if (talking && !next) next = now;
        while (talking && next <= now && gone < most) {
            while (readers[turn % (uint64_t)most].state != READING) turn++;
            say(&readers[turn++ % (uint64_t)most]);
            next += (uint64_t)(1e9 / rate);
        }
        /* Asleep without being woken: on one machine a waiting reader's wake-up, a third of a send,
           would be charged to the server; over a network it is not. */
        usleep(1000);
        int ready = epoll_wait(poll, events, 1024, 0);
        for (int i = 0; i < ready; i++)
            if (events[i].data.ptr) receive(events[i].data.ptr, poll);
            else obey(poll);
    }
    report();
    return 0;
}
