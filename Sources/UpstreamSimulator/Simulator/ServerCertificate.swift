import Foundation
import NIOSSL

/// The certificate with which the simulator proves that it is itself.
struct ServerCertificate: Sendable {
    let tls: TLSConfiguration
    /// Where a self-made certificate lies, for clients to trust.
    let selfMadeFile: String?

    /// Reads or makes the certificate; `nil` where connections are not encrypted.
    /// - Throws: `SimulatorConfigurationError`, naming what is missing.
    static func of(
        _ encryption: SimulatorConfiguration.Encryption
    ) throws(SimulatorConfigurationError) -> ServerCertificate? {
        switch encryption {
        case .none: return nil
        case .files(let certificate, let key): return try read(certificate, key, isSelfMade: false)
        case .selfMade: return try make()
        }
    }

    /// Takes a self-made certificate and its key off the disk.
    func removeSelfMadeFiles() {
        guard let selfMadeFile else { return }
        try? FileManager.default.removeItem(at: URL(fileURLWithPath: selfMadeFile).deletingLastPathComponent())
    }

    private static func read(
        _ certificate: String, _ key: String, isSelfMade: Bool
    ) throws(SimulatorConfigurationError) -> ServerCertificate {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw SimulatorConfigurationError("the TLS certificate '\(certificate)' cannot be read as PEM")
        }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw SimulatorConfigurationError("the TLS key '\(key)' cannot be read as PEM")
        }
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey)
        )
        return ServerCertificate(tls: tls, selfMadeFile: isSelfMade ? certificate : nil)
    }

    private static func make() throws(SimulatorConfigurationError) -> ServerCertificate {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("bhav-simulator-\(UUID().uuidString)").path
        let (certificate, key) = (folder + "/certificate.pem", folder + "/key.pem")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "30", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
            try process.run()
        } catch {
            throw missingProgram
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw missingProgram }
        return try read(certificate, key, isSelfMade: true)
    }

    private static let missingProgram = SimulatorConfigurationError(
        "no TLS certificate could be made: the program 'openssl' is missing or failed; install it, or name a "
            + "certificate and its key"
    )
}
