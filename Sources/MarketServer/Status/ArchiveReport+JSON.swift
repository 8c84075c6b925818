import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub

extension ArchiveReport {
    /// Writes how the store is doing, as the value of `store`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("state", isReadOnly ? "readOnly" : isWell ? "well" : "failing")
        json.field("questions", questions)
        json.field("barsFetched", barsFetched)
        json.field("barsInserted", inserted)
        json.field("barsRevised", revised)
        json.field("seriesFetchedAnew", rebased)
        json.field("lastWrite", lastWrite?.description)
        json.field("lastError", lastFailure?.message)
        json.field("lastErrorTime", lastFailure?.time.description)
        writeLive(to: &json)
        writeRepair(to: &json)
        json.endObject()
    }

    private func writeLive(to json: inout JSONWriter) {
        json.beginObject("live")
        json.field("waiting", live.waiting)
        json.field("written", live.written)
        json.field("dropped", live.dropped)
        json.endObject()
    }

    private func writeRepair(to json: inout JSONWriter) {
        json.beginObject("repair")
        json.field("waiting", repair.waiting)
        json.field("current", repair.current)
        json.field("done", repair.done)
        json.field("failed", repair.failed)
        json.field("lastError", repair.lastFailure)
        json.endObject()
    }
}
