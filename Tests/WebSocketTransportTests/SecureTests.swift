import Foundation
import NIOCore
import NIOSSL
import TestSupport
import Testing
import WebSocketTransport

@Suite(
    "Secure connections",
    .enabled(if: TestCertificates.openssl != nil, "there is no openssl to make certificates with"),
    .timeLimit(.minutes(1))
)
struct SecureTests {
    private let certificates: TestCertificates
    private let localhost: TLSConfiguration

    init() throws {
        certificates = try TestCertificates()
        localhost = try certificates.selfSigned(name: "localhost", alternatives: "DNS:localhost,IP:127.0.0.1")
    }

    private func echo(_ url: String, trust: WebSocketTrust) async throws -> WebSocketMessage? {
        let configuration = WebSocketClientConfiguration(trust: trust)
        return try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) {
            inbound, outbound in
            try await outbound.write(text: "secret")
            for try await message in inbound { return message }
            return nil
        }
    }

    private func refusal(of tls: TLSConfiguration, host: String = "localhost", trust: WebSocketTrust) async throws
        -> String
    {
        try await TestServer(tls: tls, handler: TestServer.echo).run { port in
            let error = await #expect(throws: WebSocketError.self) {
                try await echo("wss://\(host):\(port)/ws", trust: trust)
            }
            #expect(error?.code == .tlsFailed)
            return error?.message ?? ""
        }
    }

    @Test("an own certificate is trusted where the configuration or SSL_CERT_FILE or SSL_CERT_DIR names it")
    func trusted() async throws {
        let file = certificates.path("localhost.pem")
        let trusts = [
            WebSocketTrust(certificates: try NIOSSLCertificate.fromPEMFile(file)),
            WebSocketTrust(includesSystemRoots: false, certificateFile: file),
            WebSocketTrust.environment(["SSL_CERT_FILE": file]),
            WebSocketTrust.environment(["SSL_CERT_DIR": certificates.folder.path]),
        ]
        try await TestServer(tls: localhost, handler: TestServer.echo).run { port in
            for trust in trusts {
                let byName = try await echo("wss://localhost:\(port)/ws", trust: trust)
                #expect(byName == .text("secret"))
                let byAddress = try await echo("wss://127.0.0.1:\(port)/ws", trust: trust)
                #expect(byAddress == .text("secret"))
            }
        }
    }

    @Test("a megabyte and continuation frames pass TLS too, and the close gets its response")
    func largeMessages() async throws {
        let trust = WebSocketTrust(certificateFile: certificates.path("localhost.pem"))
        try await TestServer(tls: localhost, handler: TestServer.echo).run { port in
            let configuration = WebSocketClientConfiguration(trust: trust)
            let url = "wss://localhost:\(port)/ws"
            try await WebSocketClient.connect(to: url, configuration: configuration, logger: .quiet) {
                inbound, outbound in
                let message = WebSocketMessage.text(String(repeating: "भाव ", count: 100_000))
                try await outbound.writeFragmented(message, pieces: 7)
                var messages = inbound.makeAsyncIterator()
                #expect(try await messages.next() == message)
                try await outbound.close(code: 1000, reason: "done")
                #expect(try await messages.next() == nil)
            }
        }
    }

    @Test("a certificate of an unknown authority is refused, and the message says so")
    func unknownAuthority() async throws {
        let message = try await refusal(of: localhost, trust: WebSocketTrust())
        #expect(message.contains("unknown authority"))
    }

    @Test("a certificate for another name is refused, and the message says so")
    func wrongName() async throws {
        let other = try certificates.selfSigned(name: "other", alternatives: "DNS:other.example")
        let trust = WebSocketTrust(certificateFile: certificates.path("other.pem"))
        let message = try await refusal(of: other, trust: trust)
        #expect(message.contains("another name than localhost"))
        let addressMessage = try await refusal(of: other, host: "127.0.0.1", trust: trust)
        #expect(addressMessage.contains("another"))
    }

    @Test("an expired certificate is refused, and the message says so")
    func expired() async throws {
        let expired = try certificates.expired()
        let trust = WebSocketTrust(certificateFile: certificates.path("expired.pem"))
        let message = try await refusal(of: expired, trust: trust)
        #expect(message.contains("expired on 2020-02-01"))
    }

    @Test("an unreadable certificate file is named")
    func unreadableFile() async throws {
        let trust = WebSocketTrust.environment(["SSL_CERT_FILE": certificates.path("absent.pem")])
        let message = try await refusal(of: localhost, trust: trust)
        #expect(message.contains("absent.pem"))
    }

    @Test("a connection under TLS that is cut or reset is 1006", arguments: [true, false])
    func cut(byReset: Bool) async throws {
        let trust = WebSocketTrust(certificateFile: certificates.path("localhost.pem"))
        let server = TestServer(tls: localhost) { inbound, _, context in
            for try await _ in inbound {
                if byReset { await context.reset() } else { try await context.cut() }
            }
        }
        try await server.run { port in
            let error = await #expect(throws: WebSocketError.self) {
                try await echo("wss://localhost:\(port)/ws", trust: trust)
            }
            #expect(error?.code == .closed(code: 1006, reason: ""))
        }
    }
}
