extension Configuration {
    /// This configuration, but for some programs, which are as `new` has them, or not at all.
    ///
    /// What those need that is not here comes along; so does what needs one that goes; and if one
    /// of them needs other programs than before, so does every program of which that is true, for
    /// half of such a change could be a cycle.
    public func taking(_ names: Set<String>, from new: Configuration) -> Configuration {
        let all = closure(of: names, in: new)
        let byName = Dictionary(new.programs.map { ($0.name, $0) }) { first, _ in first }
        let known = Set(programs.map(\.name))
        var result = self
        result.programs =
            programs.compactMap { all.contains($0.name) ? byName[$0.name] : $0 }
            + new.programs.filter { all.contains($0.name) && !known.contains($0.name) }
        result.groups = mixed(all, new)
        return result
    }

    private func closure(of names: Set<String>, in new: Configuration) -> Set<String> {
        let old = Dictionary(programs.map { ($0.name, $0) }) { first, _ in first }
        let next = Dictionary(new.programs.map { ($0.name, $0) }) { first, _ in first }
        let rewired = next.keys.filter { name in
            old[name].map { $0.dependsOn != next[name]?.dependsOn } ?? false
        }
        var all: Set<String> = []
        var open = Array(names)
        while let name = open.popLast() {
            guard all.insert(name).inserted else { continue }
            for need in next[name]?.dependsOn ?? [] where old[need.program] == nil {
                open.append(need.program)
            }
            if rewired.contains(name) { open += rewired }
            guard next[name] == nil else { continue }
            open += programs.filter { $0.dependsOn.contains { $0.program == name } }.map(\.name)
        }
        return all
    }

    /// Who is taken from `new` is in the groups in which it is there, in the order that they have there.
    private func mixed(_ names: Set<String>, _ new: Configuration) -> [Group] {
        let known = groups.map(\.name)
        let order = known + new.groups.map(\.name).filter { !known.contains($0) }
        return order.compactMap { name in
            let old = groups.first { $0.name == name }?.programs ?? []
            let next = new.groups.first { $0.name == name }?.programs ?? []
            let isMeant = (old + next).contains(where: names.contains)
            let come = next.filter { names.contains($0) || old.contains($0) }
            let stay = old.filter { !names.contains($0) && !next.contains($0) }
            let members = isMeant ? come + stay : old
            return members.isEmpty ? nil : Group(name: name, programs: members)
        }
    }
}
