import Testing

@testable import MarketHub

@Suite("Shared topics")
struct SharedTopicsTests {
    private var topics = SharedTopics<String, Int>()

    @Test("only the first reader opens a topic")
    mutating func firstOpens() {
        var opened: [Int] = []
        let (one, two) = (topics.newReader(), topics.newReader())
        topics.join(one, "a") {
            opened.append($0)
            return 0
        }
        topics.join(two, "a") {
            opened.append($0)
            return 0
        }
        #expect(opened.count == 1)
        #expect(topics.entries["a"]?.readers == [one, two])
    }

    @Test("only the last reader that leaves closes a topic")
    mutating func lastCloses() {
        let (one, two) = (topics.newReader(), topics.newReader())
        topics.join(one, "a") { _ in 7 }
        topics.join(two, "a") { _ in 8 }
        #expect(topics.leave(one).isEmpty)
        #expect(topics.leave(two) == [7])
        #expect(topics.entries.isEmpty)
    }

    @Test("a reader that leaves twice changes nothing the second time")
    mutating func leavesOnce() {
        let one = topics.newReader()
        topics.join(one, "a") { _ in 7 }
        #expect(topics.leave(one) == [7])
        #expect(topics.leave(one).isEmpty)
    }

    @Test("messages of an earlier generation reach no reader")
    mutating func oldGeneration() {
        var generations: [Int] = []
        let one = topics.newReader()
        topics.join(one, "a") {
            generations.append($0)
            return 0
        }
        _ = topics.leave(one)
        let two = topics.newReader()
        topics.join(two, "a") {
            generations.append($0)
            return 0
        }
        #expect(topics.update("a", generations[0]) { $0 = 99 }.isEmpty)
        #expect(topics.entries["a"]?.value == 0)
        #expect(topics.update("a", generations[1]) { $0 = 5 } == [two])
        #expect(topics.entries["a"]?.value == 5)
        #expect(topics.close("a", generations[0]).readers.isEmpty)
        #expect(topics.close("a", generations[1]).readers == [two])
    }

    @Test("a topic closed by upstream leaves idle only those who read nothing else")
    mutating func idle() {
        var generation = 0
        let (one, two) = (topics.newReader(), topics.newReader())
        topics.join(one, "a") {
            generation = $0
            return 0
        }
        topics.join(two, "a") { _ in 0 }
        topics.join(two, "b") { _ in 0 }
        let (readers, idle) = topics.close("a", generation)
        #expect(readers == [one, two])
        #expect(idle == [one])
        #expect(topics.leave(two) == [0])
    }
}
