import JSON
import Testing
import TradingViewProtocol

@Suite("What studies say")
struct StudyDataTests {
    private func block(_ text: String) throws -> ChartBlock {
        let payload = #"{"m":"du","p":["cs_abcdefghijkl",{"st1":\#(text)}]}"#
        guard case .dataUpdate(let update) = ServerEventDecoder.decode(Array(payload.utf8)) else {
            Issue.record("no update: \(payload)")
            throw CancellationError()
        }
        return try #require(update.block("st1"))
    }

    @Test("rows keep their place and their figures; what is no number is none")
    func rows() throws {
        let block = try block(
            #"{"node":"n","st":[{"i":-3,"v":[1700000000.0,null,2.5]},{"x":1}],"ns":{"d":"","indexes":[]},"t":"s1_st1"}"#
        )
        #expect(block.kind == .study)
        #expect(block.turnaround == "s1_st1")
        #expect(block.study?.rows == [StudyData.Row(index: -3, values: [1_700_000_000, nil, 2.5])])
        #expect(block.study?.drawing == nil)
    }

    @Test("a drawing is read from its text, with the places that it counts in")
    func drawing() throws {
        let block = try block(#"{"st":[],"ns":{"d":"{\"a\":[1]}","indexes":[-2000000,7]},"t":"x"}"#)
        #expect(block.study?.drawing == ["a": [1]])
        #expect(block.study?.indexes == [-2_000_000, 7])
    }

    @Test("a study whose text is no JSON, or whose places are a word, is no error")
    func odd() throws {
        let block = try block(#"{"st":[],"ns":{"d":"{","indexes":"nochange"},"t":"x"}"#)
        #expect(block.study == StudyData())
    }
}
