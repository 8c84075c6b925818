// Fan-out: how many quotes a second reach how many viewers, how late, and what that costs the server.
// See ../README.md for how to run it and what the columns mean.
#include <cstdlib>
#include <filesystem>

#include "limit.hpp"
#include "process.hpp"
#include "upstream.hpp"
#include "viewers.hpp"

namespace {

struct Options {
    std::string bhav, peer, name;
    int viewers = 100, slow = 0, symbols = 50;
    double rate = 10'000, seconds = 10;
    bool isJSON = false, servesLimit = false;
    int port = 0;
};

const char *usage =
    "usage: fanout (--bhav PROGRAM | --limit | --peer COMMAND) [--viewers 100] [--rate 10000] [--seconds 10]\n"
    "              [--symbols 50] [--slow 0] [--json]\n"
    "COMMAND is run with {port} and {rate} replaced; it serves WebSockets at /ws.\n";

Options parse(int count, char **words) {
    Options options;
    for (int i = 1; i < count; i++) {
        std::string word = words[i];
        auto value = [&]() -> std::string {
            if (i + 1 >= count) throw std::runtime_error(word + " needs a value\n" + usage);
            return words[++i];
        };
        if (word == "--bhav") options.bhav = value(), options.name = "bhav";
        else if (word == "--peer") options.peer = value(), options.name = "peer";
        else if (word == "--limit") options.name = "limit";
        else if (word == "--viewers") options.viewers = std::stoi(value());
        else if (word == "--slow") options.slow = std::stoi(value());
        else if (word == "--symbols") options.symbols = std::stoi(value());
        else if (word == "--rate") options.rate = std::stod(value());
        else if (word == "--seconds") options.seconds = std::stod(value());
        else if (word == "--json") options.isJSON = true;
        else if (word == "--serve-limit") options.servesLimit = true, options.port = std::stoi(value());
        else throw std::runtime_error("unknown option " + word + "\n" + usage);
    }
    if (options.name.empty() && !options.servesLimit) throw std::runtime_error(usage);
    return options;
}

int freePort() {
    int port = 0;
    close(listenOn(port));
    return port;
}

std::string replaced(std::string text, const std::string &key, const std::string &value) {
    for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + value.size()))
        text.replace(at, key.size(), value);
    return text;
}

std::vector<std::string> words(const std::string &command) {
    std::istringstream stream(command);
    std::vector<std::string> list;
    for (std::string word; stream >> word;) list.push_back(word);
    return list;
}

void run(const Options &options, const std::string &folder, const std::string &self) {
    bool isBhav = !options.bhav.empty();
    std::unique_ptr<Upstream> upstream;
    std::vector<std::string> command, environment;
    int port = freePort();
    if (isBhav) {
        upstream = std::make_unique<Upstream>(options.rate);
        command = {options.bhav, "serve", "--port", std::to_string(port)};
        environment = {
            "USE_MOCK_DATA=false", "TRADINGVIEW_URL=ws://127.0.0.1:" + std::to_string(upstream->port),
            "TRENDLYNE_URL=http://127.0.0.1:9", "NSE_URL=http://127.0.0.1:9", "BHAV_DATA=" + folder + "/data",
            "LOG_LEVEL=error"};
    } else if (options.name == "limit") {
        command = {
            self, "--serve-limit", std::to_string(port), "--rate", std::to_string(options.rate), "--viewers",
            std::to_string(options.viewers), "--symbols", std::to_string(options.symbols)};
    } else {
        command = words(replaced(
            replaced(options.peer, "{port}", std::to_string(port)), "{rate}", std::to_string(int(options.rate))));
        environment = {"EXPECT=" + std::to_string(options.viewers)};
    }
    ServerProcess server(command, environment, folder + "/server.log");
    server.waitFor(port);
    usleep(500'000);
    double restBefore = server.mebibytes("VmRSS");

    ViewerOptions viewing;
    viewing.port = port;
    viewing.count = options.viewers;
    viewing.slow = options.slow;
    if (isBhav) {
        for (int i = 1; i <= options.symbols; i++)
            viewing.subscription += (i > 1 ? ",\"NSE:SYM" : "\"NSE:SYM") + std::to_string(i) + "\"";
        viewing.subscription = "{\"type\":\"subscribe\",\"id\":\"a\",\"channel\":\"quotes\",\"symbols\":[" + viewing.subscription + "]}";
    } else {
        viewing.path = "/ws";
    }
    Viewers viewers(viewing);
    viewers.connectAll();
    auto second = int64_t(1e9);
    viewers.watch(nanoseconds() + second, false);
    double restAfter = server.mebibytes("VmRSS");
    if (upstream) upstream->isPumping = true;
    viewers.watch(nanoseconds() + second * 3 / 2, false);

    uint64_t publishedBefore = upstream ? upstream->published.load() : 0;
    double cpuBefore = server.cpuSeconds(), rssStart = server.mebibytes("VmRSS");
    int64_t start = nanoseconds();
    viewers.watch(start + int64_t(options.seconds * 1e9), true);
    double elapsed = double(nanoseconds() - start) / 1e9;
    double serverCores = (server.cpuSeconds() - cpuBefore) / elapsed, rssEnd = server.mebibytes("VmRSS");
    uint64_t published = upstream ? upstream->published - publishedBefore : 0;

    uint64_t stale = 0;
    std::pair<uint64_t, uint64_t> accounted{0, 0};
    if (upstream) {
        upstream->isPumping = false;
        // Below the 20 s of silence after which Bhav connects to upstream again, with new prices.
        viewers.drain(nanoseconds() + 15 * second);
        stale = viewers.stale(upstream->lastPrices());
        accounted = viewers.accounted();
    }
    double idle = viewers.open > 0 ? (restAfter - restBefore) * 1024 / viewers.open : 0;
    const char *layout = options.isJSON
        ? "{\"server\":\"%s\",\"viewers\":%d,\"closed\":%d,\"symbols\":%d,\"rate\":%.0f,\"published\":%.0f,\"deliveries\":%.0f,"
          "\"messages\":%.0f,\"megabytes\":%.1f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"worst\":%.3f,"
          "\"serverCores\":%.3f,\"clientCores\":%.3f,\"peak\":%.1f,\"rssStart\":%.1f,\"rssEnd\":%.1f,\"idleKB\":%.1f,"
          "\"sequenceGaps\":%llu,\"lagged\":%llu,\"dropped\":%llu,\"stale\":%llu,\"accountedLeast\":%llu,\"accountedMost\":%llu,"
          "\"within\":{\"0.25\":%.4f,\"0.5\":%.4f,\"1\":%.4f,\"2\":%.4f,\"4\":%.4f,\"8\":%.4f,\"16\":%.4f,\"64\":%.4f}}\n"
        : "%s: %d viewers (%d closed), %d symbols, %.0f quotes/s offered, %.0f/s published\n"
          "  deliveries/s %.0f  messages/s %.0f  MB/s %.1f\n"
          "  latency ms p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f\n"
          "  server cores %.3f  client cores %.3f  peak MiB %.1f  RSS MiB %.1f -> %.1f  kB per idle viewer %.1f\n"
          "  seq gaps %llu  lagged messages %llu  dropped %llu  stale last values %llu  received+dropped %llu to %llu\n"
          "  share within 0.25 ms %.4f  0.5 %.4f  1 %.4f  2 %.4f  4 %.4f  8 %.4f  16 %.4f  64 %.4f\n";
    auto &latency = viewers.latency;
    printf(layout, options.name.c_str(), viewers.open, viewers.closed, options.symbols, options.rate, double(published) / elapsed,
        double(viewers.deliveries) / elapsed, double(viewers.messages) / elapsed, double(viewers.bytes) / elapsed / 1e6,
        latency.quantile(0.5), latency.quantile(0.9), latency.quantile(0.99), latency.quantile(0.999), latency.quantile(1),
        serverCores, viewers.cores, server.mebibytes("VmHWM"), rssStart, rssEnd, idle, (unsigned long long)viewers.gaps,
        (unsigned long long)viewers.lagged, (unsigned long long)viewers.dropped, (unsigned long long)stale,
        (unsigned long long)accounted.first, (unsigned long long)accounted.second, latency.share(0.25), latency.share(0.5),
        latency.share(1), latency.share(2), latency.share(4), latency.share(8), latency.share(16), latency.share(64));
}

}  // namespace

int main(int count, char **arguments) {
    char name[] = "/tmp/fanout.XXXXXX";
    std::string folder;
    int status = 0;
    try {
        auto options = parse(count, arguments);
        if (options.servesLimit) {
            serveLimit(options.port, options.rate, options.viewers, options.symbols);
            return 0;
        }
        require(mkdtemp(name) != nullptr, "mkdtemp");
        folder = name;
        run(options, folder, std::filesystem::read_symlink("/proc/self/exe"));
    } catch (const std::exception &error) {
        fprintf(stderr, "fanout: %s\n", error.what());
        if (!folder.empty()) {
            std::ifstream log(folder + "/server.log");
            for (std::string line; std::getline(log, line);) fprintf(stderr, "  server: %s\n", line.c_str());
        }
        status = 1;
    }
    if (!folder.empty()) std::filesystem::remove_all(folder);
    return status;
}
