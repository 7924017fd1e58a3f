(import '../lib/wave.libsonnet')(
  name='production',
  digests=std.extVar('digests'),
  replicas={ asia: 2, eu: 4, us: 4 },
)
