import Foundation
import MarketData
import MarketServer
import Testing

@testable import BhavApp

@Suite("The key file")
struct KeyFileTests {
    private func withFile(_ body: (KeyFile) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "bhav-keys-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(KeyFile(path: "\(folder)/keys"))
    }

    @Test("a new key is read back by its name and scope, and only the owner can read the file")
    func add() throws {
        try withFile { file in
            #expect(try file.keys().isEmpty)
            let (text, key) = APIKey.generate(name: "laptop", scope: .read, expires: nil)
            try file.add(key)
            try file.add(
                APIKey.generate(name: "grafana", scope: .admin, expires: Timestamp(seconds: 1_800_000_000)).key)
            #expect(try file.keys().map(\.name) == ["laptop", "grafana"])
            #expect(try file.keys().map(\.scope) == [.read, .admin])
            let contents = try String(contentsOfFile: file.path, encoding: .utf8)
            #expect(!contents.contains(text.dropFirst(5)))
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(throws: ConfigurationError.self) { try file.add(key) }
        }
    }

    @Test("the lock is not written through a link")
    func link() throws {
        try withFile { file in
            let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let target = folder.appending(path: "target").path
            try FileManager.default.createSymbolicLink(atPath: "\(file.path).lock", withDestinationPath: target)
            let key = APIKey.generate(name: "laptop", scope: .read, expires: nil).key
            #expect(throws: ConfigurationError.self) { try file.add(key) }
            #expect(!FileManager.default.fileExists(atPath: target))
        }
    }

    @Test("keys that are added and revoked at the same time are all kept or removed")
    func together() async throws {
        let folder = NSTemporaryDirectory() + "bhav-keys-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = KeyFile(path: "\(folder)/keys")
        for number in 0..<8 { try file.add(APIKey.generate(name: "old\(number)", scope: .read, expires: nil).key) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask { try file.add(APIKey.generate(name: "key\(number)", scope: .read, expires: nil).key) }
            }
            for number in 0..<8 {
                group.addTask {
                    let wasThere = try file.remove("old\(number)")
                    #expect(wasThere)
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try file.keys().map(\.name)) == Set((0..<24).map { "key\($0)" }))
    }

    @Test("revoking a key removes it and keeps comments and other keys")
    func remove() throws {
        try withFile { file in
            let line = APIKey.generate(name: "laptop", scope: .read, expires: nil).key.line
            let other = APIKey.generate(name: "laptop2", scope: .read, expires: nil).key.line
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: file.path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try "# mine\n\(line)\n\(other)".write(toFile: file.path, atomically: true, encoding: .utf8)
            #expect(try file.remove("laptop"))
            #expect(try !file.remove("laptop"))
            #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "# mine\n\(other)")
        }
    }
}

@Suite("The service manager's variables")
struct ServiceManagerTests {
    @Test("a state reaches the socket, by path and by abstract name", arguments: [true, false])
    func notify(isPath: Bool) throws {
        let name = "/tmp/bhav-notify-\(UUID().uuidString.prefix(8))"
        defer { unlink(name) }
        let receiver = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(receiver) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = isPath ? Array(name.utf8) : [0] + name.utf8.dropFirst()
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count + (isPath ? 1 : 0))
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(receiver, $0, length) }
        }
        #expect(bound == 0)
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": isPath ? name : "@" + name.dropFirst()])
        #expect(manager.notify("READY=1"))
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = recv(receiver, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "READY=1")
    }

    @Test("variables for another process are ignored")
    func others() {
        let environment = [
            "NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7", "LISTEN_PID": "7",
            "LISTEN_FDS": "1",
        ]
        let ours = ServiceManager(environment: environment, processID: 7)
        #expect(ours.watchdog == .seconds(3) && ours.listeningSocket == 3)
        let other = ServiceManager(environment: environment, processID: 8)
        #expect(other.watchdog == nil && other.listeningSocket == nil)
        let none = ServiceManager(environment: [:], processID: 8)
        #expect(none.watchdog == nil && none.listeningSocket == nil && !none.notify("READY=1"))
    }
}
