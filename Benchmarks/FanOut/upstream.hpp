// A stand-in for TradingView's quote socket: it serves quote sessions and sends a given number of quotes a second over
// the symbols subscribed to, all of one millisecond in one WebSocket message. The price is the time of sending.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "websocket.hpp"

class Upstream {
public:
    int port = 0;
    std::atomic<bool> isPumping = false;
    std::atomic<uint64_t> published = 0;

    explicit Upstream(double rate) : rate(rate), listener(listenOn(port)) {
        makeNonBlocking(listener);
        thread = std::thread([this] { run(); });
    }

    ~Upstream() {
        isOver = true;
        thread.join();
    }

    // The last price of every symbol, by its name such as NSE:SYM1.
    std::map<std::string, double> lastPrices() {
        std::lock_guard lock(mutex);
        return last;
    }

private:
    struct Subscription {
        std::string session, name, symbol;
    };
    struct Connection {
        int socket;
        bool isOpen = false;
        FrameReader reader;
        std::vector<Subscription> subscriptions;
        std::string out;
        size_t next = 0;
    };

    double rate;
    int listener;
    std::atomic<bool> isOver = false;
    std::thread thread;
    std::vector<std::unique_ptr<Connection>> connections;
    std::mutex mutex;
    std::map<std::string, double> last;
    uint64_t volume = 0;

    static void packet(std::string &out, std::string_view json) {
        out += "~m~" + std::to_string(json.size()) + "~m~";
        out += json;
    }

    void sendPackets(Connection &connection) {
        if (connection.out.empty()) return;
        std::string frame;
        appendFrame(frame, text, connection.out);
        connection.out.clear();
        if (!sendAll(connection.socket, frame)) shut(connection);
    }

    static void shut(Connection &connection) {
        if (connection.socket >= 0) close(connection.socket);
        connection.socket = -1;
    }

    // The strings after "p":[ of a call, as they are written, without resolving escapes.
    static std::vector<std::string> parameters(std::string_view call) {
        std::vector<std::string> found;
        size_t at = call.find("\"p\":[");
        if (at == std::string_view::npos) return found;
        for (at += 5; at < call.size() && call[at] != ']'; at++) {
            if (call[at] != '"') continue;
            size_t end = at + 1;
            while (end < call.size() && call[end] != '"') end += call[end] == '\\' ? 2 : 1;
            found.emplace_back(call.substr(at + 1, end - at - 1));
            at = end;
        }
        return found;
    }

    // The symbol in a name, plain or ={\"symbol\":\"NSE:SYM1\",...}.
    static std::string symbol(const std::string &name) {
        static const std::string key = "\\\"symbol\\\":\\\"";
        size_t at = name.find(key);
        if (at == std::string::npos) return name;
        at += key.size();
        return name.substr(at, name.find('\\', at) - at);
    }

    void handle(Connection &connection, std::string_view call) {
        auto is = [&](const char *method) { return call.find(method) != std::string_view::npos; };
        auto values = parameters(call);
        if (values.empty()) return;
        if (is("\"quote_add_symbols\"")) {
            for (size_t i = 1; i < values.size(); i++) add(connection, {values[0], values[i], symbol(values[i])});
        } else if (is("\"quote_remove_symbols\"") || is("\"quote_delete_session\"")) {
            std::erase_if(connection.subscriptions, [&](auto &known) {
                if (known.session != values[0]) return false;
                if (values.size() == 1) return true;
                for (size_t i = 1; i < values.size(); i++)
                    if (values[i] == known.name) return true;
                return false;
            });
        }
    }

    void add(Connection &connection, Subscription subscription) {
        for (auto &known : connection.subscriptions)
            if (known.session == subscription.session && known.name == subscription.name) return;
        const std::string &name = subscription.name, &session = subscription.session, &plain = subscription.symbol;
        std::string head = "{\"m\":\"qsd\",\"p\":[\"" + session + "\",{\"n\":\"" + name + "\",\"s\":\"ok\",\"v\":{";
        packet(connection.out, head + "\"lp\":1.0,\"lp_time\":1700000000,\"update_mode\":\"streaming\",\"pro_name\":\"" + plain
            + "\",\"original_name\":\"" + plain + "\",\"short_name\":\"" + plain.substr(plain.find(':') + 1)
            + "\",\"exchange\":\"" + plain.substr(0, plain.find(':')) + "\",\"type\":\"index\",\"currency_code\":\"INR\","
              "\"prev_close_price\":1.0,\"open_price\":1.0,\"high_price\":2.0,\"low_price\":0.5,\"volume\":0,\"ch\":0,"
              "\"chp\":0,\"bid\":1,\"ask\":1,\"current_session\":\"market\"}}]}");
        packet(connection.out, "{\"m\":\"quote_completed\",\"p\":[\"" + session + "\",\"" + name + "\"]}");
        connection.subscriptions.push_back(std::move(subscription));
    }

    void receive(Connection &connection) {
        if (!connection.reader.receive(connection.socket)) return shut(connection);
        if (!connection.isOpen) {
            auto response = upgradeResponse(connection.reader.pending());
            if (response.empty()) return;
            connection.reader.skip(connection.reader.pending().find("\r\n\r\n") + 4);
            if (!sendAll(connection.socket, response)) return shut(connection);
            connection.isOpen = true;
            packet(connection.out, "{\"session_id\":\"<0.1.2>_bench\",\"timestamp\":1700000000,\"timestampMs\":1700000000000,"
                "\"release\":\"bench\",\"studies_metadata_hash\":\"x\",\"auth_scheme_vsn\":2,\"protocol\":\"json\","
                "\"via\":\"bench\",\"javastudies\":[]}");
        }
        FrameReader::Frame frame;
        while (connection.reader.next(frame)) {
            if (frame.opcode == closing) return shut(connection);
            if (frame.opcode == ping) {
                std::string reply;
                appendFrame(reply, pong, frame.payload);
                sendAll(connection.socket, reply);
            }
            if (frame.opcode != text) continue;
            auto rest = frame.payload;
            while (!rest.empty()) {
                size_t head = rest.find("~m~", 3);
                if (head == std::string_view::npos) break;
                size_t length = strtoul(rest.data() + 3, nullptr, 10);
                handle(connection, rest.substr(head + 3, length));
                rest.remove_prefix(std::min(rest.size(), head + 3 + length));
            }
        }
        sendPackets(connection);
    }

    void quotes(Connection &connection, uint64_t count) {
        char json[512];
        std::lock_guard lock(mutex);
        for (uint64_t i = 0; i < count; i++) {
            auto &to = connection.subscriptions[connection.next++ % connection.subscriptions.size()];
            double price = stamp();
            int size = snprintf(json, sizeof json,
                "{\"m\":\"qsd\",\"p\":[\"%s\",{\"n\":\"%s\",\"s\":\"ok\",\"v\":{\"lp\":%.3f,\"lp_time\":%lld,\"volume\":%llu,"
                "\"ch\":1.5,\"chp\":0.01,\"bid\":%.3f,\"ask\":%.3f}}]}",
                to.session.c_str(), to.name.c_str(), price, (long long)time(nullptr), (unsigned long long)++volume, price, price);
            packet(connection.out, {json, size_t(size)});
            last[to.symbol] = price;
        }
        published += count;
    }

    void run() {
        int64_t started = 0, beat = nanoseconds();
        uint64_t sent = 0;
        while (!isOver) {
            std::vector<pollfd> waits{{listener, POLLIN, 0}};
            for (auto &connection : connections) waits.push_back({connection->socket, POLLIN, 0});
            poll(waits.data(), waits.size(), 1);
            for (size_t i = 1; i < waits.size(); i++)
                if (waits[i].revents) receive(*connections[i - 1]);
            if (waits[0].revents) {
                int accepted = accept(listener, nullptr, nullptr), one = 1;
                if (accepted >= 0) {
                    makeNonBlocking(accepted);
                    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    connections.push_back(std::make_unique<Connection>());
                    connections.back()->socket = accepted;
                }
            }
            std::erase_if(connections, [](auto &connection) { return connection->socket < 0; });
            int64_t now = nanoseconds();
            if (now - beat > 5'000'000'000) {
                beat = now;
                for (auto &connection : connections)
                    if (connection->isOpen) packet(connection->out, "~h~1");
            }
            pump(now, started, sent);
            for (auto &connection : connections) sendPackets(*connection);
        }
    }

    void pump(int64_t now, int64_t &started, uint64_t &sent) {
        if (!isPumping) {
            started = 0;
            return;
        }
        if (started == 0) started = now, sent = 0;
        auto due = uint64_t(double(now - started) / 1e9 * rate);
        // Arrears of more than a tenth of a second are dropped: a burst would measure the generator.
        if (due - sent > std::max(rate / 10, 1.0)) sent = due - uint64_t(std::max(rate / 10, 1.0));
        for (auto &connection : connections)
            if (!connection->subscriptions.empty()) {
                quotes(*connection, due - sent);
                break;
            }
        sent = due;
    }
};
