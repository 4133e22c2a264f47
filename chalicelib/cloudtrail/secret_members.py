"""What AWS's own models call a credential under a name that does not tell so.

The table is made from the members that botocore's service models mark `sensitive`
(tests/cloudtrail/sensitive_members.py; the list beside it says what was left out, and why). A line
is `service|service operation … -> member …`, the services as eventSource may begin, a line that
begins with two blanks going on with the last; `*` is any service and any operation. Members are
compared in lower case without - and _.
"""

from __future__ import annotations

from functools import cache, lru_cache

from chalicelib.cloudtrail.naming import VERSION

NONE = frozenset[str]()
# As many as a busy account has operations that alert.
REMEMBERED = 1024


@lru_cache(maxsize=REMEMBERED)
def secret_members(event_source: str, event_name: str) -> frozenset[str]:
    """The members that are credentials in an operation, beside those that always are."""
    operation = VERSION.sub("", event_name)
    own = _operations().get(event_source.split(".", 1)[0], {}).get(operation, NONE)
    return own | _operations()["*"].get(operation, NONE)


@cache
def always_secret() -> frozenset[str]:
    """The members that are credentials in whatever operation."""
    return _operations()["*"]["*"]


@cache
def _operations() -> dict[str, dict[str, frozenset[str]]]:
    """Members by operation by service."""
    table: dict[str, dict[str, frozenset[str]]] = {}
    for line in MEMBERS.strip().replace("\n  ", " ").splitlines():
        names, _, members = line.partition(" -> ")
        services, *operations = names.split()
        held = dict.fromkeys(operations or ["*"], frozenset(members.split()))
        for service in services.split("|"):
            for operation, secrets in held.items():
                known = table.setdefault(service, {})
                known[operation] = known.get(operation, NONE) | secrets
    return table


# One text, read when a record is first redacted.
MEMBERS = """
* -> activationcode airflowconfigurationoptions applicationcryptogram assertion
  attachmentdownloadurl authcode authenticationmaterial authrequestcryptogram authresponsevalue
  autonomousdatabasewalletfile cardexpirydate challengeresponses codeverifier
  connectorconfiguration currentencryptedpinblock customergatewayconfiguration decimalizationtable
  deeplinkurl devicespecifickey downloadurl embedurl encryptedpinblock hostkeybody
  identityproviderdetails importmanifesturl initquery interactiveendpoint mackey manifestcode
  mediadownloadurl newencryptedpinblock originconnectorconfiguration pinblock pinoffset
  pinvalidationdata primaryaccountnumber programmaticaccess propertiesfilecontent
  proprietaryauthenticationdata randomkeyreceive randomkeysend remotedriverendpoint
  sessionderivationdata signalrequest signalresponse solutionkey streamingurl
  targetconnectorconfiguration tr31keyblock trackdata trustedidentitypropagationcontext
  twofactorpin uefidata uploadpolicy uploadurl verificationvalue
  vpnconnectiondevicesampleconfiguration vsankey wrappedkeyblock wrappedkeycryptogram
* CreateApiKey PutParameter UpdateApiKey -> value
* CreateChangeSet CreateStack CreateStackInstances CreateStackSet UpdateStack UpdateStackInstances
  UpdateStackSet -> parametervalue
* CreateContact -> deliveryaddress
* SendMessage -> messagebody
amplifyuibuilder ExchangeCodeForToken -> code
appconfig CreateConfigurationProfile CreateHostedConfigurationVersion GetConfiguration
  GetConfigurationProfile GetHostedConfigurationVersion UpdateConfigurationProfile -> content
appconfig|appconfigdata GetLatestConfiguration -> configuration
appfabric ConnectAppAuthorization -> code
bedrock-agentcore InvokeHarness -> headers
bedrock-agentcore|bedrock-agentcore-control CreateHarness DeleteHarness GetHarness UpdateHarness
  -> headers
chime|chime-sdk-media-pipelines|media-pipelines-chime CreateMediaLiveConnectorPipeline
  GetMediaPipeline -> url
cloudfront CopyDistribution CreateDistribution CreateDistributionWithTags GetDistribution
  GetDistributionConfig ListDistributions ListDistributionsByAnycastIpListId
  ListDistributionsByConnectionFunction ListDistributionsByConnectionMode
  ListDistributionsByRealtimeLogConfig ListDistributionsByTrustStore ListDistributionsByWebACLId
  UpdateDistribution UpdateDistributionWithStagingConfig -> headervalue
cloudfront-keyvaluestore GetKey ListKeys PutKey UpdateKeys -> value
cloudwatch|cloudwatch-omni|cloudwatchomni CreateOneTimeDeepLinkCode -> code
codebuild BatchGetCommandExecutions ListCommandExecutionsForSandbox StartCommandExecution ->
  command
codeguru-security CreateUploadUrl -> requestheaders s3url
cognito-idp AdminInitiateAuth InitiateAuth -> authparameters session
cognito-idp AdminRespondToAuthChallenge AssociateSoftwareToken ConfirmSignUp
  RespondToAuthChallenge SignUp -> session
cognito-idp VerifySoftwareToken -> session usercode
connect UpdateParticipantAuthentication -> code
devicefarm CreateTestGridUrl CreateUpload GetUpload InstallToRemoteAccessSession
  ListTestGridSessionArtifacts ListUploads UpdateUpload -> url
end-user-messaging|endusermessaging ValidateNotifyCodeVerification -> code
eventbridgev2|events|eventsv2 CreateSubscriber DescribeSubscriber UpdateSubscriber ->
  httpparameters
events CreateConnection DescribeConnection UpdateConnection -> value
firehose CreateDeliveryStream UpdateDestination -> accesskey attributevalue
firehose DescribeDeliveryStream -> attributevalue
geo-maps GetStaticMap GetStyleDescriptor GetTile -> key
geo-places Autocomplete Geocode GetPlace ReverseGeocode SearchNearby SearchText Suggest -> key
geo-routes CalculateIsolines CalculateRouteMatrix CalculateRoutes OptimizeWaypoints SnapToRoads ->
  key
geo|location CalculateRoute CalculateRouteMatrix CreateKey DescribeKey GetMapGlyphs GetMapSprites
  GetMapStyleDescriptor GetMapTile GetPlace SearchPlaceIndexForPosition
  SearchPlaceIndexForSuggestions SearchPlaceIndexForText -> key
glue GetDashboardUrl -> url
grafana CreateWorkspaceApiKey CreateWorkspaceServiceAccountToken -> key
inspector2 UpdateCodeSecurityIntegration -> code
ivs BatchGetStreamKey CreateChannel CreateStreamKey GetStreamKey -> value
ivs|ivs-realtime|ivsrealtime CreateIngestConfiguration GetIngestConfiguration
  UpdateIngestConfiguration -> streamkey
lightsail CreateGUISessionAccessDetails -> url
lightsail GetInstanceAccessDetails -> ciphertext
notifications-contacts|notificationscontacts ActivateEmailContact -> code
partnercentral-selling GetCustomerAccountBulkJobReportUrl GetOpportunityBulkJobReportUrl -> url
payment-cryptography|payment-cryptography-data DecryptData EncryptData ReEncryptData -> ciphertext
payment-cryptography|payment-cryptography-data GenerateAuthRequestCryptogram
  VerifyAuthRequestCryptogram -> transactiondata
payment-cryptography|payment-cryptography-data GenerateCardValidationData VerifyCardValidationData
  -> servicecode validationdata
payment-cryptography|payment-cryptography-data GenerateMac GenerateMacEmvPinChange VerifyMac ->
  mac messagedata
qconnect|wisdom CreateContent CreateMessageTemplate CreateMessageTemplateAttachment
  CreateMessageTemplateVersion GetContent GetImportJob GetMessageTemplate RenderMessageTemplate
  StartContentUpload StartImportJob UpdateContent UpdateMessageTemplate
  UpdateMessageTemplateMetadata -> url
route53globalresolver CreateAccessToken GetAccessToken -> value
ssm CreatePatchBaseline GetDeployablePatchSnapshotForInstance GetPatchBaseline UpdatePatchBaseline
  -> configuration
ssm GetParameter GetParameterHistory GetParameters GetParametersByPath PutParameter -> value
transfer StartFileTransfer -> value
wickr CreateBot CreateDataRetentionBotChallenge UpdateBot -> challenge
wisdom CreateContent GetContent GetImportJob StartContentUpload StartImportJob UpdateContent ->
  url
"""
