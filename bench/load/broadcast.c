/* The bare control of bench/rooms.py: sends every binary message of a client to all clients.

   broadcast PORT

   Nothing but accept, one recv and one send per frame: no limits, no order, no memory. It answers
   the sample key of RFC 6455 (section 1.3), which the load client sends, so it needs no SHA-1. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536
static int lines[MOST], open_lines;
static uint8_t greeted[MOST];

static void forget(int poll, int fd) {
    epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL);
    close(fd);
    for (int i = 0; i < open_lines; i++)
        if (lines[i] == fd) {
            lines[i] = lines[--open_lines];
            return;
        }
}

static int greet(int fd, const char *request) {
    static const char yes[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    if (!strstr(request, "dGhlIHNhbXBsZSBub25jZQ==")) return 0;
    greeted[fd] = 1;
    lines[open_lines++] = fd;
    return send(fd, yes, sizeof yes - 1, MSG_NOSIGNAL) == (ssize_t)sizeof yes - 1;
}

/* One masked frame shorter than 126 bytes goes to everybody; a short write ends a connection. */
static int pass_on(int poll, const uint8_t *frame, ssize_t size) {
    uint8_t out[128] = {0x82};
    size_t length = frame[1] & 127;
    if (size < 6 || (frame[0] & 15) != 2 || length > 125 || (size_t)size != length + 6) return 0;
    out[1] = (uint8_t)length;
    for (size_t i = 0; i < length; i++) out[2 + i] = frame[6 + i] ^ frame[2 + i % 4];
    for (int i = open_lines - 1; i >= 0; i--)
        if (send(lines[i], out, length + 2, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length + 2)
            forget(poll, lines[i]);
    return 1;
}

static void receive(int poll, int fd) {
    char data[4097];
    ssize_t size = recv(fd, data, sizeof data - 1, MSG_DONTWAIT);
    if (size > 0) {
        data[size] = 0;
        if (greeted[fd] ? pass_on(poll, (uint8_t *)data, size) : greet(fd, data)) return;
    }
    greeted[fd] = 0;
    forget(poll, fd);
}

int main(int count, char **given) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? (uint16_t)atoi(given[1]) : 0)};
    int poll = epoll_create1(0), door = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (void *)&here, sizeof here) || listen(door, 4096)) return perror("listen"), 1;
    struct epoll_event events[1024], event = {.events = EPOLLIN, .data.fd = door};
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &event);
    while (1) {
        int ready = epoll_wait(poll, events, 1024, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd != door) {
                receive(poll, events[i].data.fd);
                continue;
            }
            event.data.fd = accept(door, NULL, NULL);
            if (event.data.fd < 0 || event.data.fd >= MOST) continue;
            /* As every server of live rooms: a frame does not wait for the answer to the last. */
            setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
        }
    }
}
