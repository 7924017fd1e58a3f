// Builds of this job begin one after the other. That is not needed for the config repository, where later builds win
// anyway; it saves work where each build takes long.
properties([disableConcurrentBuilds()])
node {
    checkout scm
    def sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
    withEnv(["TAG=${sha}"]) { sh './build shop "$TAG"' }
    recordImage(service: 'shop', image: 'docker.example.com/acme/shop', tag: sha, metadataFile: 'shop.json')
}
commitConfig(wave: 'staging')
waitForCiAndMerge()
