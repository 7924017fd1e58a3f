(import '../lib/wave.libsonnet')(
  name='staging',
  digests=std.extVar('digests'),
  replicas={ asia: 1, eu: 1, us: 1 },
)
