extension KeyedDecodingContainer {
    /// Reads a whole number that is not negative.
    ///
    /// Goes by way of `Double`, for the decoder of `UInt` does not tell where the number was that
    /// it cannot represent.
    func decodeCountIfPresent(forKey key: Key) throws -> UInt? {
        try decodeIfPresent(Double.self, forKey: key).map { try count($0, forKey: key) }
    }

    func decodeCount(forKey key: Key) throws -> UInt {
        try count(try decode(Double.self, forKey: key), forKey: key)
    }

    /// Reads an object of such numbers.
    func decodeCounts(forKey key: Key) throws -> [String: UInt] {
        try decode([String: Double].self, forKey: key).mapValues { try count($0, forKey: key) }
    }

    private func count(_ number: Double, forKey key: Key) throws -> UInt {
        guard let count = UInt(exactly: number) else {
            let problem = "\(number) is no count"
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: problem)
        }
        return count
    }
}
