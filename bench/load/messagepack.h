/* MessagePack, as much of it as the gateway's messages need. */
typedef struct { const uint8_t *at, *end; } Slice;

static uint8_t *put_text(uint8_t *to, const char *text, size_t size) {
    if (size < 32) *to++ = 0xa0 | (uint8_t)size;
    else if (size < 256) *to++ = 0xd9, *to++ = (uint8_t)size;
    else *to++ = 0xda, *to++ = (uint8_t)(size >> 8), *to++ = (uint8_t)size;
    memcpy(to, text, size);
    return to + size;
}

static uint64_t big_endian(Slice *from, int size) {
    uint64_t value = 0;
    while (size-- && from->at < from->end) value = value << 8 | *from->at++;
    return value;
}

static uint64_t take_number(Slice *from) {
    if (from->at >= from->end) return 0;
    uint8_t kind = *from->at++;
    if (kind < 0x80) return kind;
    if (kind == 0xc2 || kind == 0xc3) return kind & 1;
    return kind >= 0xcc && kind <= 0xcf ? big_endian(from, 1 << (kind - 0xcc)) : 0;
}

static void skip_text(Slice *from) {
    uint8_t kind = *from->at++;
    uint64_t size = kind >= 0xd9 ? big_endian(from, 1 << (kind - 0xd9)) : kind & 31u;
    from->at += size;
}
