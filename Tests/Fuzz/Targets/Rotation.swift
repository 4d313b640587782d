import Supervision

func checkRotation(_ bytes: [UInt8]) {
    var draw = Draw(bytes)
    if draw.flag() { checkCut(&draw) } else { checkPlan(&draw) }
}

/// No file grows beyond the limit, and all of them one after the other are what was written.
private func checkCut(_ draw: inout Draw) {
    let (sizeMax, size) = (draw.count(), draw.count())
    var cut = LogCut(sizeMax: sizeMax)
    var (files, present) = ([UInt8](), [UInt8]())
    let written = draw.rest
    for piece in written.pieces(of: size) {
        var rest = piece[...]
        while !rest.isEmpty {
            switch cut.step(for: rest.span.bytes) {
            case .write(let count):
                precondition((1...rest.count).contains(count))
                let taken = rest.prefix(count)
                cut.wrote(taken.span.bytes)
                present += taken
                rest = rest.dropFirst(count)
            case .rotate(let moved):
                precondition(moved < present.count, "a file that is empty, or moved whole")
                files += present.dropLast(moved)
                present = present.suffix(moved)
                cut.rotated(moving: moved)
            }
            precondition(present.count <= sizeMax && cut.size == present.count)
        }
    }
    precondition((files + present)[...] == written)
}

/// Each step can be taken, what is to be kept is kept, and afterwards there is nothing to tidy.
private func checkPlan(_ draw: inout Draw) {
    var policy = LogPolicy()
    policy.keep = draw.byte() % 8
    policy.maxSize = draw.flag() ? draw.count() : nil
    policy.totalSize = draw.flag() ? draw.count() * 8 : nil
    var files = ["log": draw.count()]
    while !draw.rest.isEmpty {
        let name = "log.\(draw.byte() % 12)" + (draw.flag() ? ".gz" : "")
        files[name] = draw.count()
    }
    let size = files["log"] ?? 0
    let newest = archive(of: files).current.first { $0.number == 1 }
    take(RotationPlan.rotating(archive(of: files), size: size, policy), &files)
    precondition(files["log"] == nil)
    let kept = archive(of: files)
    precondition(kept.current.count <= policy.keep && kept.files == kept.current)
    if policy.keep > 0, policy.totalSize == nil { precondition(files["log.1"] == size) }
    if policy.keep > 1, policy.totalSize == nil, let newest {
        precondition(files["log.2" + (newest.isCompressed ? ".gz" : "")] == newest.size)
    }
    precondition(RotationPlan.tidying(kept, policy).steps.isEmpty)
}

private func archive(of files: [String: Int]) -> LogArchive {
    LogArchive(of: "log", in: files.map { (name: $0.key, size: $0.value) })
}

private func take(_ plan: RotationPlan, _ files: inout [String: Int]) {
    for step in plan.steps {
        switch step {
        case .remove(let name):
            precondition(files.removeValue(forKey: name) != nil, "\(name) is not there")
        case .rename(let name, let next):
            precondition(files[next] == nil, "\(next) is there")
            let size = files.removeValue(forKey: name)
            precondition(size != nil, "\(name) is not there")
            files[next] = size
        }
    }
}
