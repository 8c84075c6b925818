// What the machine can do: one thread, one buffer per millisecond with the frames of all quotes due, written once to each
// viewer; a viewer whose socket is full gets the rest later and misses what came meanwhile. No server can do less work.
#pragma once
#include <memory>

#include "websocket.hpp"

inline void serveLimit(int port, double rate, int expected, int symbols) {
    struct Client {
        int socket;
        std::string request, rest;
        bool isOpen = false;
    };
    int listener = listenOn(port);
    makeNonBlocking(listener);
    std::vector<std::unique_ptr<Client>> clients;
    int64_t started = 0;
    uint64_t sent = 0;
    std::string block;
    while (true) {
        std::vector<pollfd> waits{{listener, POLLIN, 0}};
        bool isServing = started != 0;
        if (!isServing)
            for (auto &client : clients) waits.push_back({client->socket, POLLIN, 0});
        poll(waits.data(), waits.size(), 1);
        if (waits[0].revents) {
            int accepted;
            while ((accepted = accept(listener, nullptr, nullptr)) >= 0) {
                int one = 1;
                makeNonBlocking(accepted);
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                clients.push_back(std::make_unique<Client>());
                clients.back()->socket = accepted;
            }
        }
        int open = 0;
        for (auto &client : clients) {
            if (!client->isOpen) {
                char bytes[2048];
                ssize_t count = read(client->socket, bytes, sizeof bytes);
                if (count > 0) client->request.append(bytes, size_t(count));
                auto response = upgradeResponse(client->request);
                if (!response.empty()) client->isOpen = sendAll(client->socket, response);
            }
            open += client->isOpen;
        }
        int64_t now = nanoseconds();
        if (open < expected) continue;
        if (started == 0) started = now;
        auto due = uint64_t(double(now - started) / 1e9 * rate);
        if (due - sent > std::max(rate / 10, 1.0)) sent = due - uint64_t(std::max(rate / 10, 1.0));
        block.clear();
        char json[256];
        for (; sent < due; sent++) {
            double price = stamp();
            int size = snprintf(json, sizeof json,
                "{\"type\":\"quote\",\"id\":\"a\",\"seq\":%llu,\"quote\":{\"symbol\":\"NSE:SYM%d\",\"last\":%.3f,\"lastTime\":%lld,"
                "\"volume\":%llu,\"change\":1.5,\"changePercent\":0.01,\"bid\":%.3f,\"ask\":%.3f}}",
                (unsigned long long)sent, int(sent % uint64_t(symbols)) + 1, price, (long long)time(nullptr) * 1000,
                (unsigned long long)sent, price, price);
            appendFrame(block, text, {json, size_t(size)});
        }
        if (block.empty()) continue;
        for (auto &client : clients) {
            if (!client->isOpen) continue;
            bool hadRest = !client->rest.empty();
            std::string_view bytes = hadRest ? client->rest : block;
            ssize_t count = send(client->socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0 && errno != EAGAIN) exit(0);
            client->rest = std::string(bytes.substr(count < 0 ? 0 : size_t(count)));
            // Before anything of a frame has gone out, the newest block takes its place.
            if (!hadRest && count <= 0) client->rest.clear();
        }
    }
}
