(import '../lib/wave.libsonnet')(
  name='staging',
  digests=import '../images/staging/digests.json',
  replicas={ asia: 1, eu: 1, us: 1 },
)
