/// Who reads what: which topics must be open upstream, for whom, and in which generation.
///
/// A pure registry. The first reader of a topic opens it, the last one leaving closes it; a topic opened again is a new
/// generation, so that what an old upstream feed still says is known to be old.
struct SharedTopics<Topic: Hashable, Memory> {
    typealias Reader = Int
    typealias Generation = Int

    /// One topic that is open upstream.
    struct Entry {
        let generation: Generation
        var readers: Set<Reader> = []
        var memory: Memory
    }

    private(set) var entries: [Topic: Entry] = [:]
    private var topics: [Reader: Set<Topic>] = [:]
    private var lastReader = 0
    private var lastGeneration = 0

    /// A name for a new reader.
    mutating func newReader() -> Reader {
        lastReader += 1
        return lastReader
    }

    /// A reader wants a topic.
    /// - Parameter open: Opens the topic, where nobody has opened it yet, and gives its first memory.
    mutating func join(_ reader: Reader, _ topic: Topic, open: (Generation) -> Memory) {
        topics[reader, default: []].insert(topic)
        guard entries[topic] == nil else {
            entries[topic]?.readers.insert(reader)
            return
        }
        lastGeneration += 1
        entries[topic] = Entry(generation: lastGeneration, readers: [reader], memory: open(lastGeneration))
    }

    /// A reader has gone.
    /// - Returns: What was kept of the topics that nobody reads any more.
    mutating func leave(_ reader: Reader) -> [Memory] {
        guard let left = topics.removeValue(forKey: reader) else { return [] }
        return left.compactMap { topic in
            entries[topic]?.readers.remove(reader)
            guard let entry = entries[topic], entry.readers.isEmpty else { return nil }
            entries[topic] = nil
            return entry.memory
        }
    }

    /// Upstream has closed a topic.
    /// - Returns: Its readers, and those among them who now read nothing; nobody if the generation is an old one.
    mutating func close(_ topic: Topic, _ generation: Generation) -> (readers: Set<Reader>, idle: Set<Reader>) {
        guard let entry = entries[topic], entry.generation == generation else { return ([], []) }
        entries[topic] = nil
        var idle: Set<Reader> = []
        for reader in entry.readers {
            topics[reader]?.remove(topic)
            if topics[reader]?.isEmpty == true { idle.insert(reader) }
        }
        return (entry.readers, idle)
    }

    /// Upstream has said something about a topic.
    /// - Returns: Who reads it; nobody if the generation is an old one.
    mutating func remember(
        _ topic: Topic, _ generation: Generation, _ change: (inout Memory) -> Void
    ) -> Set<Reader> {
        guard let index = entries.index(forKey: topic), entries.values[index].generation == generation else {
            return []
        }
        change(&entries.values[index].memory)
        return entries.values[index].readers
    }
}
