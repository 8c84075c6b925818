import MarketStore
import Testing

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
