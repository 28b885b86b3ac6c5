/* Latency in microseconds, in steps of at most 1/64 (a log-linear histogram). */
#define STEPS 64
static uint64_t histogram[STEPS * 40];

static void record(uint64_t us, uint64_t times) {
    if (us < STEPS) {
        histogram[us] += times;
        return;
    }
    int shift = 63 - __builtin_clzll(us) - 6;
    histogram[(shift + 1) * STEPS + (int)((us >> shift) - STEPS)] += times;
}

static double percentile(double share) {
    uint64_t all = 0, seen = 0;
    for (int i = 0; i < STEPS * 40; i++) all += histogram[i];
    for (int i = 0; i < STEPS * 40; i++) {
        seen += histogram[i];
        if (all && (double)seen >= share * (double)all)
            return (i < STEPS ? i : (double)((uint64_t)(STEPS + i % STEPS) << (i / STEPS - 1))) / 1000;
    }
    return -1;
}
