import ControlProtocol
import Foundation
import Testing

/// What keepd writes is what Foundation's encoder would write, and its decoder reads.
@Suite struct JSONTextTests {
    private func text(_ value: some Encodable) -> String {
        String(decoding: JSON.encode(value), as: UTF8.self)
    }

    private func foundation(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test(arguments: [
        "", "plain", "\"quoted\" \\ / \u{7f}", "\0\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f}",
        "größer 📦 e\u{301}", "\u{2028}\u{fffd}",
    ])
    func `a text comes back as it was`(value: String) throws {
        #expect(
            try JSONDecoder().decode([String].self, from: Data(JSON.encode([value]))) == [value]
        )
        #expect(text([value: value]) == "{\(text(value)):\(text(value))}")
    }

    @Test(arguments: [0, -0.5, 72.5, 3, 1e16, 1e-7, 1.7976931348623157e308, 2.3e-308, 1e300])
    func `a number comes back as it was`(value: Double) throws {
        #expect(
            try JSONDecoder().decode([Double].self, from: Data(JSON.encode([value]))) == [value]
        )
    }

    @Test func `whole numbers have no fraction`() throws {
        #expect(text([3.0, 0.5]) == "[3,0.5]")
        #expect(text([Int.min, .max]) == "[\(Int.min),\(Int.max)]")
        #expect(text([UInt64.max]) == "[\(UInt64.max)]")
    }

    private struct Nest: Codable, Equatable {
        var zulu: [Nest]?
        var alpha: [String: [Bool?]] = [:]
        var mike: Int? = 7
        var bravo = "b"
    }

    @Test func `members stand in order, in all objects, and what is empty is there`() throws {
        let leaf = Nest(alpha: ["b": [], "a": [true, nil]])
        let nest = Nest(zulu: [leaf, Nest(zulu: [])], alpha: [:])
        #expect(
            text(leaf) == #"{"alpha":{"a":[true,null],"b":[]},"bravo":"b","mike":7}"#
        )
        #expect(try text(nest) == foundation(nest))
        #expect(try JSONDecoder().decode(Nest.self, from: Data(JSON.encode(nest))) == nest)
    }

    /// As only types do that write their own encoding.
    private struct Twisted: Encodable {
        enum Key: CodingKey { case outer, list, inner, base, last }

        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: Key.self)
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .outer)
            try inner.encode(1, forKey: .last)
            try inner.encodeNil(forKey: .inner)
            var list = outer.nestedUnkeyedContainer(forKey: .list)
            try list.encodeNil()
            var element = list.nestedContainer(keyedBy: Key.self)
            try element.encode(2.5, forKey: .inner)
            var empty = list.nestedUnkeyedContainer()
            try [Int]().encode(to: empty.superEncoder())
            try "text".encode(to: list.superEncoder())
            try "base".encode(to: outer.superEncoder(forKey: .base))
            try outer.encode(Float(0.5), forKey: .inner)
            try outer.encode([Int8(-1)], forKey: .last)
        }
    }

    @Test func `containers within containers end where the next one begins`() throws {
        #expect(try text(Twisted()) == foundation(Twisted()))
    }
}
