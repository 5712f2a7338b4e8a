import AccessLog
import Foundation
import TestSupport
import Testing

@Suite struct `Tables of shapes` {
  @Test(arguments: PrefixShape.all.indices)
  func `every prefix has a real line that is read by it`(index: Int) {
    let shape = PrefixShape.all[index]
    var stripper = EnvelopeStripper()
    let line = (shape.example + RealLines.istioText).bytes
    #expect(bodyText(stripper.strip(line.span), line, stripper) == RealLines.istioText, "\(shape.pattern)")
  }

  @Test(arguments: PathNames.shapes.indices)
  func `every path has a real one that names its pod`(index: Int) {
    let shape = PathNames.shapes[index]
    let identity = PathNames.identity(of: shape.example)
    #expect(identity?.namespace == "shop", "\(shape.pattern)")
    #expect(identity?.pod.hasPrefix("web-") == true)
    #expect(identity?.container == (shape.pattern.contains("{container}") ? "istio-proxy" : ""))
  }

  @Test func `rotated logs are those of the same pod`() {
    let live = PathNames.identity(of: "/var/log/pods/shop_web-0_u-1/istio-proxy/0.log")
    #expect(live != nil)
    #expect(
      PathNames.identity(of: "/var/log/pods/shop_web-0_u-1/istio-proxy/0.log.20250304-081502.gz") == live)
    #expect(PathNames.identity(of: "/tmp/x.log") == nil)
  }

  @Test func `the documentation lists them all`() throws {
    let text = try String(contentsOfFile: Checkout.root + "/docs/reference/formats.md", encoding: .utf8)
    for shape in PrefixShape.all {
      let shown = shape.pattern.replacing("\t", with: "⇥").replacing("|", with: "\\|")
      #expect(text.contains("`\(shown)`"), "\(shown)")
    }
    for shape in PathNames.shapes { #expect(text.contains("`\(shape.pattern)`"), "\(shape.pattern)") }
  }
}
