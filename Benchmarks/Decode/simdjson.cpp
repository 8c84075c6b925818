// decode FOLDER: what simdjson's on-demand parser makes of the frames of frames.py, into arrays of structs. The median of
// 31 rounds (quotes: 9), in MB/s and messages/s, as JSON.
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unordered_map>

using namespace simdjson;

struct Bar {
    int64_t index;
    double values[6];
};

struct Quote {
    double last, time, volume, change, changePercent, bid, ask;
};

template <typename Body>
double median(int rounds, Body body) {
    std::vector<double> seconds;
    for (int round = 0; round < rounds; round++) {
        auto start = std::chrono::steady_clock::now();
        body();
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(seconds.begin(), seconds.begin() + rounds / 2, seconds.end());
    return seconds[size_t(rounds) / 2];
}

int main(int, char **arguments) {
    std::string folder = arguments[1];
    ondemand::parser parser;
    printf("{");
    for (const char *count : {"5000", "20000"}) {
        padded_string text = padded_string::load(folder + "/bars-" + count + ".txt");
        std::vector<Bar> bars;
        bars.reserve(size_t(atoi(count)));
        double seconds = median(31, [&] {
            bars.clear();
            size_t head = std::string_view(text).find("~m~", 3) + 3;
            auto document = parser.iterate(text.data() + head, text.size() - head, text.size() - head + SIMDJSON_PADDING);
            auto parameters = document["p"].get_array();
            size_t place = 0;
            for (auto parameter : parameters) {
                if (place++ != 1) continue;
                for (auto row : parameter["sds_1"]["s"].get_array()) {
                    Bar bar{row["i"].get_int64(), {}};
                    size_t column = 0;
                    for (auto value : row["v"].get_array())
                        if (column < 6) bar.values[column++] = value.get_double();
                    bars.push_back(bar);
                }
                break;
            }
        });
        if (bars.size() != size_t(atoi(count))) return 1;
        printf("\"bars%s\":%.1f,", count, double(text.size()) / seconds / 1e6);
    }
    padded_string text = padded_string::load(folder + "/quotes.txt");
    std::unordered_map<std::string_view, Quote> last;
    size_t count = 0;
    double seconds = median(9, [&] {
        last.clear();
        count = 0;
        std::string_view all = text;
        for (size_t at = 0; at + 8 < all.size(); count++) {
            size_t head = all.find("~m~", at + 3) + 3, length = strtoul(all.data() + at + 3, nullptr, 10);
            auto document = parser.iterate(all.data() + head, length, all.size() - head + SIMDJSON_PADDING);
            size_t place = 0;
            for (auto parameter : document["p"].get_array()) {
                if (place++ != 1) continue;
                ondemand::object object = parameter.get_object();
                std::string_view name = object["n"].get_string();
                Quote &quote = last[name];
                ondemand::object fields = object["v"].get_object();
                for (auto field : fields) {
                    std::string_view key = field.unescaped_key();
                    double value = field.value().get_double();
                    if (key == "lp") quote.last = value;
                    else if (key == "lp_time") quote.time = value;
                    else if (key == "volume") quote.volume = value;
                    else if (key == "ch") quote.change = value;
                    else if (key == "chp") quote.changePercent = value;
                    else if (key == "bid") quote.bid = value;
                    else if (key == "ask") quote.ask = value;
                }
                break;
            }
            at = head + length + 1;
        }
    });
    if (last.size() != 50) return 1;
    printf("\"quotes\":%.0f,\"kernel\":\"%s\"}\n", double(count) / seconds, get_active_implementation()->name().data());
}
