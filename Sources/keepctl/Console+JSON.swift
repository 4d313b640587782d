import ControlProtocol

extension Console {
    static func write(json value: some Encodable) {
        write(JSON.encode(value) + [UInt8(ascii: "\n")])
    }
}
