import MarketData
import TestSupport
import Testing

@testable import SourceHTTP

@Suite("Expiring cache")
struct ExpiringCacheTests {
    let start = india("2026-11-20 10:00")

    @Test("a value is returned until it expires")
    func lifetime() {
        var cache = ExpiringCache<String, Int>(capacity: 2)
        cache.keep(1, for: "a", lasting: .seconds(30), at: start)
        #expect(cache.value("a", at: start.advanced(bySeconds: 29)) == 1)
        #expect(cache.value("a", at: start.advanced(bySeconds: 30)) == nil)
    }

    @Test("a full cache accepts nothing new until an entry expires")
    func capacity() {
        var cache = ExpiringCache<String, Int>(capacity: 1)
        cache.keep(1, for: "a", lasting: .seconds(30), at: start)
        cache.keep(2, for: "b", lasting: .seconds(30), at: start)
        #expect(cache.value("b", at: start) == nil)
        cache.keep(3, for: "a", lasting: .seconds(30), at: start)
        #expect(cache.value("a", at: start) == 3)
        let later = start.advanced(bySeconds: 40)
        cache.keep(2, for: "b", lasting: .seconds(30), at: later)
        #expect(cache.value("b", at: later) == 2)
    }
}
