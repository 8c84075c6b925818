// Many viewers of one server on one thread: they count messages, measure the time from the wire, and check that `seq`
// has no gap and that what was dropped was reported.
#pragma once
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "websocket.hpp"

// Times in buckets of a 64th of a power of two, from a microsecond on.
class Histogram {
public:
    void add(double microseconds) {
        size_t bucket = size_t(std::log2(std::max(microseconds, 1.0)) * 64);
        counts[std::min(bucket, counts.size() - 1)]++;
        total++;
    }

    // In milliseconds.
    double quantile(double part) const {
        uint64_t seen = 0;
        for (size_t i = 0; i < counts.size(); i++) {
            seen += counts[i];
            if (total > 0 && double(seen) >= double(total) * part) return std::exp2(double(i) / 64) / 1000;
        }
        return 0;
    }

    // The share of times up to a limit in milliseconds.
    double share(double limit) const {
        uint64_t seen = 0;
        for (size_t i = 0; i < counts.size() && std::exp2(double(i) / 64) / 1000 <= limit; i++) seen += counts[i];
        return total == 0 ? 0 : double(seen) / double(total);
    }

    uint64_t total = 0;

private:
    std::vector<uint64_t> counts = std::vector<uint64_t>(2048);
};

struct ViewerOptions {
    int port = 0;
    int count = 100;
    // The number of them that read 4 kB ten times a second from a small buffer.
    int slow = 0;
    std::string path = "/v1/stream";
    // What each sends once it is connected; nothing where it is empty.
    std::string subscription;
};

class Viewers {
public:
    uint64_t messages = 0, deliveries = 0, bytes = 0;
    Histogram latency;
    int open = 0, closed = 0;
    uint64_t gaps = 0, lagged = 0, dropped = 0;
    double cores = 0;

    explicit Viewers(ViewerOptions options) : options(std::move(options)), poller(epoll_create1(0)) {}

    // Connects all viewers and waits until each has been upgraded.
    void connectAll() {
        rlimit limit{65536, 65536};
        setrlimit(RLIMIT_NOFILE, &limit);
        std::string request = "GET " + options.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port)
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              "Sec-WebSocket-Version: 13\r\n\r\n";
        for (int i = 0; i < options.count; i++) {
            auto viewer = std::make_unique<Viewer>();
            viewer->isSlow = i < options.slow;
            for (int attempt = 0; attempt < 500; attempt++) {
                viewer->socket = connectTo(options.port, viewer->isSlow ? 8192 : 0);
                if (viewer->socket >= 0) break;
                usleep(10'000);
            }
            require(viewer->socket >= 0, "cannot connect a viewer");
            makeNonBlocking(viewer->socket);
            require(sendAll(viewer->socket, request), "cannot send an upgrade");
            if (!viewer->isSlow) {
                epoll_event event{EPOLLIN, {.u32 = uint32_t(i)}};
                epoll_ctl(poller, EPOLL_CTL_ADD, viewer->socket, &event);
            }
            all.push_back(std::move(viewer));
            if (i % 50 == 49) watch(nanoseconds() + 5'000'000, false);
        }
        int64_t limitTime = nanoseconds() + 20'000'000'000;
        while (open + closed < options.count && nanoseconds() < limitTime) watch(nanoseconds() + 20'000'000, false);
    }

    // Reads until a time; with `measures`, what comes counts.
    void watch(int64_t end, bool measures) {
        isMeasuring = measures;
        epoll_event events[512];
        rusage before, after;
        getrusage(RUSAGE_THREAD, &before);
        int64_t start = nanoseconds();
        for (int64_t now = start; now < end; now = nanoseconds()) {
            int count = epoll_wait(poller, events, 512, 5);
            for (int i = 0; i < count; i++) receive(*all[events[i].data.u32], 1 << 18);
            if (nanoseconds() > nextSlowRead) {
                nextSlowRead = nanoseconds() + 100'000'000;
                for (int i = 0; i < options.slow; i++) receive(*all[size_t(i)], isDraining ? 1 << 18 : 4096);
            }
        }
        getrusage(RUSAGE_THREAD, &after);
        auto seconds = [](rusage &usage) {
            return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
        };
        if (measures) cores = (seconds(after) - seconds(before)) / (double(nanoseconds() - start) / 1e9);
        isMeasuring = false;
    }

    // Reads everything that is still on its way, also as a slow viewer, until nothing came for two seconds.
    void drain(int64_t end) {
        isDraining = true;
        uint64_t seen = 0;
        for (int64_t quietSince = nanoseconds(); nanoseconds() < end && nanoseconds() - quietSince < 2'000'000'000;) {
            nextSlowRead = 0;
            watch(nanoseconds() + 10'000'000, false);
            uint64_t now = 0;
            for (auto &viewer : all) now += viewer->quotes + viewer->dropped;
            if (now != seen) { seen = now; quietSince = nanoseconds(); }
        }
    }

    // How many viewers' last prices differ from upstream's, over all symbols.
    uint64_t stale(const std::map<std::string, double> &prices) const {
        uint64_t count = 0;
        for (auto &viewer : all)
            for (auto &[symbol, price] : prices) {
                auto known = viewer->socket < 0 ? viewer->prices.end() : viewer->prices.find(symbol);
                if (viewer->socket >= 0 && (known == viewer->prices.end() || std::abs(known->second - price) > 1e-6)) count++;
            }
        return count;
    }

    // Quotes received and reported as dropped, at the viewer with the least and with the most of them.
    std::pair<uint64_t, uint64_t> accounted() const {
        std::pair<uint64_t, uint64_t> range{UINT64_MAX, 0};
        for (auto &viewer : all) {
            if (viewer->socket < 0) continue;
            uint64_t sum = viewer->quotes + viewer->dropped;
            range = {std::min(range.first, sum), std::max(range.second, sum)};
        }
        return range;
    }

private:
    struct Viewer {
        int socket = -1;
        bool isOpen = false, isSlow = false;
        int64_t sequence = -1;
        uint64_t quotes = 0, dropped = 0;
        FrameReader reader;
        std::map<std::string, double, std::less<>> prices;
    };

    ViewerOptions options;
    int poller;
    std::vector<std::unique_ptr<Viewer>> all;
    bool isMeasuring = false, isDraining = false;
    int64_t nextSlowRead = 0;

    void receive(Viewer &viewer, size_t most) {
        if (viewer.socket < 0) return;
        if (!viewer.reader.receive(viewer.socket, most)) return shut(viewer);
        if (!viewer.isOpen && !opened(viewer)) return;
        FrameReader::Frame frame;
        double now = stamp();
        while (viewer.reader.next(frame)) {
            if (frame.opcode == closing) return shut(viewer);
            if (frame.opcode == ping) {
                std::string reply;
                appendFrame(reply, pong, frame.payload, true);
                sendAll(viewer.socket, reply);
            } else if (frame.opcode == text) {
                read(viewer, frame.payload, now);
            }
        }
    }

    bool opened(Viewer &viewer) {
        auto pending = viewer.reader.pending();
        size_t end = pending.find("\r\n\r\n");
        if (end == std::string_view::npos) return false;
        if (!pending.starts_with("HTTP/1.1 101")) {
            fprintf(stderr, "refused: %.*s\n", int(std::min<size_t>(pending.size(), 80)), pending.data());
            shut(viewer);
            return false;
        }
        viewer.reader.skip(end + 4);
        viewer.isOpen = true;
        open++;
        if (!options.subscription.empty()) {
            std::string frame;
            appendFrame(frame, text, options.subscription, true);
            sendAll(viewer.socket, frame);
        }
        return true;
    }

    void shut(Viewer &viewer) {
        close(viewer.socket);
        viewer.socket = -1;
        if (viewer.isOpen) open--;
        closed++;
    }

    static bool value(std::string_view message, std::string_view key, double &number) {
        size_t at = message.find(key);
        if (at == std::string_view::npos) return false;
        number = strtod(message.data() + at + key.size(), nullptr);
        return true;
    }

    void read(Viewer &viewer, std::string_view message, double now) {
        if (isMeasuring) messages++, bytes += message.size();
        double number;
        if (value(message.substr(0, 80), "\"seq\":", number)) {
            if (viewer.sequence >= 0 && int64_t(number) != viewer.sequence + 1) gaps++;
            viewer.sequence = int64_t(number);
        }
        if (message.substr(0, 40).find("\"lagged\"") != std::string_view::npos && value(message, "\"dropped\":", number)) {
            lagged++;
            dropped += uint64_t(number);
            viewer.dropped += uint64_t(number);
        }
        // A message may hold one quote or several.
        static constexpr std::string_view symbolKey = "\"symbol\":\"", lastKey = "\"last\":";
        for (size_t at = message.find(lastKey); at != std::string_view::npos; at = message.find(lastKey, at + 1)) {
            double price = strtod(message.data() + at + lastKey.size(), nullptr);
            size_t name = message.rfind(symbolKey, at);
            if (name != std::string_view::npos) {
                auto symbol = message.substr(name + symbolKey.size());
                symbol = symbol.substr(0, symbol.find('"'));
                auto known = viewer.prices.find(symbol);
                if (known == viewer.prices.end()) known = viewer.prices.emplace(std::string(symbol), 0).first;
                known->second = price;
            }
            viewer.quotes++;
            if (!isMeasuring) continue;
            deliveries++;
            double milliseconds = now - price;
            if (milliseconds < 0) milliseconds += 1'000'000;
            if (!viewer.isSlow) latency.add(milliseconds * 1000);
        }
    }
};
