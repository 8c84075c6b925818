import Foundation
import NIOSSL
import TestSupport

/// Certificates made by the machine's `openssl`, in a folder that is removed with this value.
final class TestCertificates: Sendable {
    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try run("ecparam -name prime256v1 -genkey -noout -out key.pem")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A certificate that signs itself, and the server settings that present it.
    func selfSigned(name: String, alternatives: String) throws -> TLSConfiguration {
        try run(
            "req -x509 -new -key key.pem -out \(name).pem -days 2 -subj /CN=\(name) -addext subjectAltName=\(alternatives)"
        )
        return try server(name)
    }

    /// The same, valid in January 2020 only.
    func expired() throws -> TLSConfiguration {
        let settings = """
            [ca]
            default_ca=authority
            [authority]
            database=index.txt
            serial=serial
            new_certs_dir=.
            default_md=sha256
            policy=policy
            [policy]
            commonName=supplied
            [names]
            subjectAltName=DNS:localhost
            """
        try settings.write(toFile: path("ca.cnf"), atomically: true, encoding: .utf8)
        try "".write(toFile: path("index.txt"), atomically: true, encoding: .utf8)
        try "01".write(toFile: path("serial"), atomically: true, encoding: .utf8)
        try run("req -new -key key.pem -subj /CN=localhost -out request.pem")
        try run(
            "ca -batch -config ca.cnf -selfsign -keyfile key.pem -in request.pem -out expired.pem -notext"
                + " -startdate 20200101000000Z -enddate 20200201000000Z -extensions names"
        )
        return try server("expired")
    }

    private func server(_ name: String) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMFile(path("\(name).pem"))
        let key = try NIOSSLPrivateKey(file: path("key.pem"), format: .pem)
        return .makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
    }

    private func run(_ arguments: String) throws {
        guard let openssl = Self.openssl else { throw TestFailure("there is no openssl") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = folder
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestFailure(String(bytes: text, encoding: .utf8) ?? "openssl failed")
        }
    }
}
