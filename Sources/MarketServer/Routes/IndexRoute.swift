import Hummingbird
import JSON
import MarketFormats

/// `GET /v1`: what can be asked, for people who try the address in a browser.
struct IndexRoute: Sendable {
    let listing: [Endpoint]

    var endpoints: [Endpoint] {
        [Endpoint("/v1", access: .open) { _, _ in Response(json: index) }]
    }

    private var index: JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("name", "bhav")
        json.field("documentation", "/openapi.yaml")
        json.field("stream", "/v1/stream")
        json.beginArray("paths")
        for endpoint in listing {
            json.beginObject()
            json.field("path", endpoint.path)
            json.beginArray("parameters")
            for parameter in endpoint.parameters { json.string(parameter) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.endLine()
        return json
    }
}
