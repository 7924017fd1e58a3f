(import '../lib/wave.libsonnet')(
  name='internal',
  digests=import '../images/internal/digests.json',
  replicas={ asia: 1, eu: 2, us: 1 },
)
