// Builds two services beside each other, and delivers both as one change.
def build = { service ->
    node {
        checkout scm
        def sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
        dir(service) {
            withEnv(["SERVICE=${service}", "TAG=${sha}"]) { sh '../build "$SERVICE" "$TAG"' }
            recordImage(service: service, image: "docker.example.com/acme/${service}", tag: sha, metadataFile: "${service}.json")
        }
    }
}
parallel(shop: { build('shop') }, blog: { build('blog') })
commitConfig(wave: 'staging')
waitForCiAndMerge()
