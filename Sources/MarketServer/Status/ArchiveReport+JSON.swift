import MarketData
import MarketFormats
import MarketHub

extension ArchiveReport {
    /// Writes how the store is doing, as the value of `store`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("state")
        json.string(isReadOnly ? "readOnly" : isWell ? "well" : "failing")
        json.key("questions")
        json.integer(questions)
        json.key("barsFetched")
        json.integer(barsFetched)
        json.key("barsInserted")
        json.integer(inserted)
        json.key("barsRevised")
        json.integer(revised)
        json.key("seriesFetchedAnew")
        json.integer(rebased)
        json.key("lastWrite")
        json.string(lastWrite?.description)
        json.key("lastError")
        json.string(lastFailure?.message)
        json.key("lastErrorTime")
        json.string(lastFailure?.time.description)
        writeLive(to: &json)
        writeRepair(to: &json)
        json.endObject()
    }

    private func writeLive(to json: inout JSONWriter) {
        json.key("live")
        json.beginObject()
        json.key("waiting")
        json.integer(live.waiting)
        json.key("written")
        json.integer(live.written)
        json.key("dropped")
        json.integer(live.dropped)
        json.endObject()
    }

    private func writeRepair(to json: inout JSONWriter) {
        json.key("repair")
        json.beginObject()
        json.key("waiting")
        json.integer(repair.waiting)
        json.key("current")
        json.string(repair.current)
        json.key("done")
        json.integer(repair.done)
        json.key("failed")
        json.integer(repair.failed)
        json.key("lastError")
        json.string(repair.lastFailure)
        json.endObject()
    }
}
