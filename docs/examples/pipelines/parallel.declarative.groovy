// Builds two services beside each other, and delivers both as one change.
pipeline {
    agent none
    stages {
        stage('Build') {
            parallel {
                stage('shop') {
                    agent any
                    steps {
                        checkout scm
                        sh './build shop "$(git rev-parse HEAD)"'
                        recordImage(
                            service: 'shop', image: 'docker.example.com/acme/shop', tag: revision(),
                            metadataFile: 'shop.json')
                    }
                }
                stage('blog') {
                    agent any
                    steps {
                        checkout scm
                        sh './build blog "$(git rev-parse HEAD)"'
                        recordImage(
                            service: 'blog', image: 'docker.example.com/acme/blog', tag: revision(),
                            metadataFile: 'blog.json')
                    }
                }
            }
        }
        stage('Deliver') {
            steps {
                commitConfig(wave: 'staging')
                waitForCiAndMerge()
            }
        }
    }
}

def revision() {
    return sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
}
