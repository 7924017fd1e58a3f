(import '../lib/wave.libsonnet')(
  name='internal',
  digests=std.extVar('digests'),
  replicas={ asia: 1, eu: 2, us: 1 },
)
