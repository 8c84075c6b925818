// The little of RFC 6455 that a load generator needs: handshakes, frames, and a reader of frames from a byte stream.
#pragma once
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

inline int64_t nanoseconds() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

// The time that a quote carries as its price: monotonic milliseconds, kept small so that three decimals survive.
inline double stamp() { return double(nanoseconds() / 1000 % 1'000'000'000) / 1000; }

inline std::array<uint8_t, 20> sha1(std::string text) {
    uint64_t bits = text.size() * 8;
    text += char(0x80);
    while (text.size() % 64 != 56) text += '\0';
    for (int shift = 56; shift >= 0; shift -= 8) text += char(bits >> shift);
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    auto rotate = [](uint32_t value, int count) { return value << count | value >> (32 - count); };
    for (size_t block = 0; block < text.size(); block += 64) {
        uint32_t w[80];
        for (int i = 0; i < 16; i++) {
            auto at = reinterpret_cast<const uint8_t *>(text.data()) + block + 4 * i;
            w[i] = uint32_t(at[0]) << 24 | at[1] << 16 | at[2] << 8 | at[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t next = rotate(a, 5) + f + e + k + w[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    std::array<uint8_t, 20> digest;
    for (int i = 0; i < 20; i++) digest[i] = uint8_t(h[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
}

inline std::string base64(const uint8_t *bytes, size_t count) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (size_t i = 0; i < count; i += 3) {
        uint32_t group = bytes[i] << 16 | (i + 1 < count ? bytes[i + 1] << 8 : 0) | (i + 2 < count ? bytes[i + 2] : 0);
        for (size_t j = 0; j < 4; j++) text += i + j <= count ? letters[group >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

// The server's response to an upgrade request; empty while the request is not whole.
inline std::string upgradeResponse(std::string_view request) {
    if (request.find("\r\n\r\n") == std::string_view::npos) return "";
    std::string lower(request);
    for (char &letter : lower) letter = char(tolower(letter));
    size_t at = lower.find("sec-websocket-key:");
    if (at == std::string::npos) return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    size_t start = request.find_first_not_of(" ", at + 18), end = request.find("\r\n", start);
    auto digest = sha1(std::string(request.substr(start, end - start)) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64(digest.data(), digest.size()) + "\r\n\r\n";
}

enum Opcode : uint8_t { text = 1, closing = 8, ping = 9, pong = 10 };

// Appends a frame. Clients mask; a mask of zeros leaves the payload as it is.
inline void appendFrame(std::string &out, Opcode opcode, std::string_view payload, bool isClient = false) {
    out += char(0x80 | opcode);
    uint8_t mask = isClient ? 0x80 : 0;
    if (payload.size() < 126) {
        out += char(mask | payload.size());
    } else if (payload.size() < 65536) {
        out += char(mask | 126);
        out += char(payload.size() >> 8);
        out += char(payload.size());
    } else {
        out += char(mask | 127);
        for (int shift = 56; shift >= 0; shift -= 8) out += char(uint64_t(payload.size()) >> shift);
    }
    if (isClient) out.append(4, '\0');
    out += payload;
}

// Bytes received and not yet consumed; frames come out of it whole.
class FrameReader {
public:
    struct Frame {
        Opcode opcode;
        std::string_view payload;
    };

    // Reads what is there, at most `most` bytes; false at the end of the stream.
    bool receive(int socket, size_t most = 1 << 18) {
        memmove(bytes.data(), bytes.data() + begin, end - begin);
        end -= begin;
        begin = 0;
        if (bytes.size() < end + most) bytes.resize(end + most);
        ssize_t count = read(socket, bytes.data() + end, most);
        if (count > 0) end += size_t(count);
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    }

    std::string_view pending() const { return std::string_view(bytes).substr(begin, end - begin); }
    void skip(size_t count) { begin += count; }

    // The next whole frame, unmasked; false where more bytes are needed.
    bool next(Frame &frame) {
        auto rest = pending();
        if (rest.size() < 2) return false;
        auto at = [&](size_t i) { return uint8_t(rest[i]); };
        uint64_t length = at(1) & 127;
        size_t head = 2;
        if (length == 126) {
            if (rest.size() < 4) return false;
            length = at(2) << 8 | at(3);
            head = 4;
        } else if (length == 127) {
            if (rest.size() < 10) return false;
            length = 0;
            for (size_t i = 2; i < 10; i++) length = length << 8 | at(i);
            head = 10;
        }
        bool isMasked = at(1) & 0x80;
        if (rest.size() < head + (isMasked ? 4 : 0) + length) return false;
        char *payload = bytes.data() + begin + head;
        if (isMasked) {
            char *mask = payload;
            payload += 4;
            for (size_t i = 0; i < length; i++) payload[i] ^= mask[i % 4];
        }
        frame = {Opcode(at(0) & 15), {payload, size_t(length)}};
        begin += head + (isMasked ? 4 : 0) + length;
        return true;
    }

private:
    std::string bytes;
    size_t begin = 0, end = 0;
};

inline sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline void require(bool condition, const char *what) {
    if (!condition) throw std::runtime_error(std::string(what) + ": " + strerror(errno));
}

// Listens on a loopback port, 0 for a free one; the port is returned in `port`.
inline int listenOn(int &port) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    auto address = loopback(port);
    require(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0, "bind");
    require(listen(listener, 4096) == 0, "listen");
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size);
    port = ntohs(address.sin_port);
    return listener;
}

inline int connectTo(int port, int receiveBuffer = 0) {
    int client = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (receiveBuffer > 0) setsockopt(client, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    auto address = loopback(port);
    if (connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) return client;
    close(client);
    return -1;
}

inline void makeNonBlocking(int socket) { fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK); }

// Sends everything, waiting where the peer is slow; false where the connection is gone.
inline bool sendAll(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t count = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) {
            bytes.remove_prefix(size_t(count));
        } else if (errno == EAGAIN) {
            pollfd wait{socket, POLLOUT, 0};
            poll(&wait, 1, 1000);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}
