/// The page's own styles and scripts, in the order in which they are joined.
enum PageAssets {
  static let styles = [
    PackageResources.tokens_css, PackageResources.layout_css, PackageResources.parts_css,
    PackageResources.charts_css, PackageResources.print_css,
  ]

  /// One script: later parts use what earlier ones define.
  static let scripts = [
    PackageResources.dom_js, PackageResources.format_js, PackageResources.words_js, PackageResources.model_js,
    PackageResources.state_js, PackageResources.tip_js, PackageResources.findings_js,
    PackageResources.head_js,
    PackageResources.map_layout_js,
    PackageResources.map_js, PackageResources.paths_js, PackageResources.load_js,
    PackageResources.imbalance_js,
    PackageResources.latency_js, PackageResources.traces_js, PackageResources.waterfall_js,
    PackageResources.sources_js, PackageResources.main_js,
  ]
}
