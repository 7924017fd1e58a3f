(import '../lib/wave.libsonnet')(
  name='production',
  digests=import '../images/production/digests.json',
  replicas={ asia: 2, eu: 4, us: 4 },
)
