// Builds, records, delivers to staging and waits until staging runs it.
def sha
node {
    checkout scm
    sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
    withEnv(["TAG=${sha}"]) {
        sh './build shop "$TAG"'    // docker buildx build --push --provenance=false --metadata-file shop.json …
    }
    recordImage(service: 'shop', image: 'docker.example.com/acme/shop', tag: sha, metadataFile: 'shop.json')
}
commitConfig(wave: 'staging', appSha: sha)
waitForCiAndMerge()
awaitArgoSync(wave: 'staging')
