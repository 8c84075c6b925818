import Foundation
import GRDB
import MarketData
import TestSupport
import Testing

@testable import MarketStore

@Suite("a store in trouble")
struct RobustnessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await body()
            return nil
        } catch { return (error as? StoreError)?.code }
    }

    @Test("a reopened store has all its data")
    func reopening() async throws {
        let range = Moments.range(0..<375)
        do {
            let store = try SQLiteMarketStore.open(folder: folder.file("made/on/the/way"))
            try await store.write(Moments.response(range))
        }
        let store = try SQLiteMarketStore.open(folder: folder.file("made/on/the/way"))
        #expect(try await store.bars(of: Moments.key, in: .always).bars == Moments.bars(range))
        #expect(try await store.coverage(of: Moments.key).unknown(in: range).isEmpty)
        #expect(try await store.check().isEmpty)
    }

    @Test("a full disk is reported, and the run is rolled back")
    func fullDisk() async throws {
        let store = try SQLiteMarketStore.open(folder: folder.path)
        let range = Moments.range(0..<375)
        try await store.write(Moments.response(range))
        try await store.database.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let more = Moments.response(Moments.range(day: 5, 0..<3 * 1_440))
        #expect(await code { try await store.write(more) } == .full)
        #expect(try await store.bars(of: Moments.key, in: .always).bars == Moments.bars(range))
        #expect(try await store.coverage(of: Moments.key) == Moments.response(range).coverage)
        #expect(try await store.check().isEmpty)
        try await store.database.write { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try await store.write(more).inserted == more.bars.count)
    }

    @Test("a read-only folder is reported")
    func readOnlyFolder() async throws {
        // Root may write anywhere but where the kernel forbids it to everyone.
        let isRoot = geteuid() == 0
        let path = isRoot ? "/sys/kernel" : folder.file("closed")
        if !isRoot {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
        }
        #expect(await code { _ = try SQLiteMarketStore.open(folder: path) } == .readOnly)
    }

    @Test("only the user reads a store's files, and its lock is not written through a link")
    func filesOfOneUser() async throws {
        let manager = FileManager.default
        let path = folder.file("new")
        do {
            let store = try SQLiteMarketStore.open(folder: path)
            try await store.write(Moments.response(Moments.range(0..<5)))
            let modes = try ([""] + manager.contentsOfDirectory(atPath: path).map { "/\($0)" }).map { name in
                let mode = try manager.attributesOfItem(atPath: path + name)[.posixPermissions] as? Int
                return "\(name) \(String(mode ?? 0, radix: 8))"
            }
            #expect(modes.count > 3 && modes.allSatisfy { $0.hasSuffix($0.hasPrefix(" ") ? "700" : "600") }, "\(modes)")
        }
        let target = folder.file("target")
        #expect(manager.createFile(atPath: target, contents: Data("not a lock".utf8)))
        let lock = try #require(try manager.contentsOfDirectory(atPath: path).first { $0.contains("lock") })
        try manager.removeItem(atPath: "\(path)/\(lock)")
        try manager.createSymbolicLink(atPath: "\(path)/\(lock)", withDestinationPath: target)
        #expect(await code { _ = try SQLiteMarketStore.open(folder: path) } == .cannotOpen)
        #expect(manager.contents(atPath: target) == Data("not a lock".utf8))
    }

    @Test("an incomplete new store is not read, and the next writer completes it")
    func interruptedMaking() async throws {
        let path = folder.file("market.sqlite")
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        do {
            let queue = try DatabaseQueue(path: path)
            try await queue.write { db in
                try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            }
        }
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path, access: .reading) } == .cannotOpen)
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(Moments.response(Moments.range(0..<5)))
        #expect(try await store.check().isEmpty)
    }

    @Test("a first write that was killed is rolled back by the next writer")
    func hotJournal() async throws {
        let (path, source) = (folder.file("market.sqlite"), folder.file("source.sqlite"))
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: source)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            try db.execute(sql: "PRAGMA cache_size = 1")
            try db.execute(sql: "BEGIN IMMEDIATE")
            for number in 0..<2_000 {
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: ["never committed \(number)"])
            }
            // What a kill at this moment leaves behind.
            try FileManager.default.copyItem(atPath: source, toPath: path)
            try FileManager.default.copyItem(atPath: source + "-journal", toPath: path + "-journal")
            try db.execute(sql: "ROLLBACK")
        }
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path, access: .reading) } == .cannotOpen)
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(Moments.response(Moments.range(0..<5)))
        #expect(try await store.check().isEmpty)
        _ = try SQLiteMarketStore.open(folder: folder.path, access: .reading)
    }

    @Test("a database of a newer version is reported and not changed")
    func newerVersion() async throws {
        do {
            let store = try SQLiteMarketStore.open(folder: folder.path)
            try await store.write(Moments.response(Moments.range(0..<5)))
            try await store.database.writeWithoutTransaction { db in
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 later')")
                try db.checkpoint(.truncate)
            }
        }
        let before = try folder.contents("market.sqlite")
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path) } == .newerVersion)
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path, access: .reading) } == .newerVersion)
        #expect(try folder.contents("market.sqlite") == before)
    }

    @Test("a file that is not a database is reported and not changed")
    func garbage() async throws {
        let text = Data(String(repeating: "time,open,high,low,close\n", count: 400).utf8)
        try text.write(to: URL(filePath: folder.file("market.sqlite")))
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path) } == .corrupt)
        #expect(try folder.contents("market.sqlite") == text)
    }

    @Test("another program's database is reported and not changed")
    func foreign() async throws {
        do {
            let queue = try DatabaseQueue(path: folder.file("market.sqlite"))
            try await queue.write { db in try db.execute(sql: "CREATE TABLE bars (t INTEGER)") }
        }
        let before = try folder.contents("market.sqlite")
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path) } == .corrupt)
        #expect(try folder.contents("market.sqlite") == before)
    }

    @Test("a damaged page is reported, and wrong bars are never returned")
    func damage() async throws {
        let range = Moments.range(0..<5 * 1_440)
        do {
            let store = try SQLiteMarketStore.open(folder: folder.path)
            try await store.write(Moments.response(range))
            try await store.database.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        }
        var bytes = try folder.contents("market.sqlite")
        // The last pages are the newest bars'.
        let page = bytes.count - 2 * 4_096
        bytes.replaceSubrange(page..<page + 4_096, with: [UInt8](repeating: 0xA5, count: 4_096))
        try bytes.write(to: URL(filePath: folder.file("market.sqlite")))
        let store = try SQLiteMarketStore.open(folder: folder.path)
        #expect(await code { _ = try await store.bars(of: Moments.key, in: .always) } == .corrupt)
        let faults = try? await store.check()
        #expect(faults?.isEmpty != true)
    }

    @Test("a second writer of the folder is refused, a reader is not")
    func secondWriter() async throws {
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(Moments.response(Moments.range(0..<5)))
        do {
            _ = try SQLiteMarketStore.open(folder: folder.path)
            Issue.record("a second writer was let in")
        } catch {
            #expect(error.code == .inUse)
            #expect(error.message.contains("process \(getpid())"))
        }
        let reader = try SQLiteMarketStore.open(folder: folder.path, access: .reading)
        #expect(try await reader.bars(of: Moments.key, in: .always).bars.count == 5)
        #expect(await code { try await reader.write(Moments.response(Moments.range(5..<6))) } == .readOnly)
        try await store.write(Moments.response(Moments.range(5..<6)))
        #expect(try await reader.bars(of: Moments.key, in: .always).bars.count == 6)
    }

    @Test("a lock of another process refuses a writer")
    func otherProcess() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let hold = "echo held; read line"
        process.arguments = ["flock", folder.file("market.lock"), "sh", "-c", hold]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path) } == .inUse)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(await code { _ = try SQLiteMarketStore.open(folder: folder.path) } == nil)
    }

    @Test("reading a folder without a store is an error")
    func absent() async throws {
        #expect(
            await code { _ = try SQLiteMarketStore.open(folder: folder.path, access: .reading) } == .cannotOpen)
    }
}

@Suite("the compatibility suite")
struct CompatibilityTests {
    @Test("in memory", arguments: MarketStoreCompatibility.checks)
    func inMemory(check: CompatibilityCheck) async throws {
        try await check.run(on: SQLiteMarketStore.inMemory())
    }

    @Test("on disk", arguments: MarketStoreCompatibility.checks)
    func onDisk(check: CompatibilityCheck) async throws {
        let folder = try TemporaryFolder()
        try await check.run(on: SQLiteMarketStore.open(folder: folder.path))
    }
}
