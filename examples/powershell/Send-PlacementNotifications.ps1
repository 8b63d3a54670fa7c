#Requires -Version 5.1
<#
.SYNOPSIS
Sends a folder of placement notifications, as a nightly job does, and writes what became of each.

.DESCRIPTION
For Windows PowerShell 5.1 with .NET Framework 4.7.2 or later; no module is needed.
Each *.json in the folder is one notification. They are sent in batches. A file is known by its name and content,
so the folder may be sent again after anything: what landed is not added twice. Nothing is moved or deleted.
The console and the results hold file names, ids and codes, and nothing of what the files say. So keep names of
people out of file names.

Exit code 0: all landed. 1: some were refused, and the results say why. 2: the service was not reached.

.PARAMETER Url
The address of the service, without a slash at its end.

.PARAMETER ClientId
The client id the operator gave your system.

.PARAMETER KeyId
The kid of your key, as in the key set you gave the operator.

.PARAMETER Thumbprint
The certificate in Cert:\LocalMachine\My or Cert:\CurrentUser\My that holds the RSA key.

.PARAMETER PfxPath
Instead of a thumbprint: a PFX file, readable by the account of the job and by nobody else.

.PARAMETER PfxPassword
The password of the PFX file.

.EXAMPLE
.\Send-PlacementNotifications.ps1 -Url https://notify.example -ClientId cli_01 -KeyId 2026 -Thumbprint A1B2 -Folder D:\Outbox
#>
[CmdletBinding(DefaultParameterSetName = 'Store')]
param(
    [Parameter(Mandatory = $true)] [string] $Url,
    [Parameter(Mandatory = $true)] [string] $ClientId,
    [Parameter(Mandatory = $true)] [string] $KeyId,
    [Parameter(Mandatory = $true)] [string] $Folder,
    [Parameter(Mandatory = $true, ParameterSetName = 'Store')] [string] $Thumbprint,
    [Parameter(Mandatory = $true, ParameterSetName = 'Pfx')] [string] $PfxPath,
    [Parameter(ParameterSetName = 'Pfx')] [System.Security.SecureString] $PfxPassword,
    [string] $Function = 'social_care'
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$MostInABatch = 500
$MostBytes = 7MB
$Attempts = 6
$LongestWaitSeconds = 60
# Throws at bytes that are no UTF-8, where the usual one would put question marks in somebody's name.
$Utf8 = New-Object System.Text.UTF8Encoding($false, $true)

function ConvertTo-Base64Url {
    param([byte[]] $Bytes)
    [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
}

function ConvertTo-JsonString {
    # A JSON string by hand: ConvertTo-Json of 5.1 cannot be relied on for a lone string.
    param([string] $Text)
    $escaped = New-Object System.Text.StringBuilder
    foreach ($character in $Text.ToCharArray()) {
        $number = [int] $character
        if ($number -lt 32 -or $number -eq 34 -or $number -eq 92) { [void] $escaped.AppendFormat('\u{0:x4}', $number) }
        else { [void] $escaped.Append($character) }
    }
    '"' + $escaped.ToString() + '"'
}

function Get-Certificate {
    if ($PSCmdlet.ParameterSetName -eq 'Pfx') {
        $flags = [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::EphemeralKeySet
        $path = (Resolve-Path -LiteralPath $PfxPath).ProviderPath
        return New-Object System.Security.Cryptography.X509Certificates.X509Certificate2($path, $PfxPassword, $flags)
    }
    foreach ($store in 'Cert:\LocalMachine\My', 'Cert:\CurrentUser\My') {
        $path = Join-Path $store $Thumbprint
        if (Test-Path -LiteralPath $path) { return Get-Item -LiteralPath $path }
    }
    throw 'No certificate has this thumbprint.'
}

function New-Assertion {
    # A signed assertion (RFC 7523), good once and for two minutes.
    param([System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    $header = '{"alg":"RS256","typ":"JWT","kid":' + (ConvertTo-JsonString $KeyId) + '}'
    $claims = '{"iss":' + (ConvertTo-JsonString $ClientId) +
        ',"sub":' + (ConvertTo-JsonString $ClientId) +
        ',"aud":' + (ConvertTo-JsonString "$Url/oauth2/token") +
        ',"iat":' + $now +
        ',"exp":' + ($now + 120) +
        ',"jti":"' + [Guid]::NewGuid().ToString('N') + '"}'
    $signed = (ConvertTo-Base64Url ($Utf8.GetBytes($header))) + '.' + (ConvertTo-Base64Url ($Utf8.GetBytes($claims)))
    $rsa = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
    if ($null -eq $rsa) { throw 'The certificate has no RSA key, or this account may not use it.' }
    try {
        $signature = $rsa.SignData(
            $Utf8.GetBytes($signed),
            [System.Security.Cryptography.HashAlgorithmName]::SHA256,
            [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    }
    finally { $rsa.Dispose() }
    $signed + '.' + (ConvertTo-Base64Url $signature)
}

function Read-Answer {
    # Status, body and Retry-After of an answer, read as UTF-8 whatever its headers say.
    param([System.Net.HttpWebResponse] $Response)
    try {
        $reader = New-Object System.IO.StreamReader($Response.GetResponseStream(), $Utf8)
        try { $text = $reader.ReadToEnd() } finally { $reader.Dispose() }
        @{ Status = [int] $Response.StatusCode; Text = $text; Wait = $Response.Headers['Retry-After'] }
    }
    finally { $Response.Close() }
}

function Send-Bytes {
    # One POST. A refusal is an answer; only a service that does not answer throws.
    param([string] $Path, [byte[]] $Body, [string] $ContentType, [string] $Token)
    $request = [System.Net.WebRequest]::Create($Url + $Path)
    $request.Method = 'POST'
    $request.ContentType = $ContentType
    $request.Accept = 'application/json'
    $request.Timeout = 120000
    if ($Token) { $request.Headers['Authorization'] = "Bearer $Token" }
    $request.ContentLength = $Body.Length
    try {
        $stream = $request.GetRequestStream()
        try { $stream.Write($Body, 0, $Body.Length) } finally { $stream.Dispose() }
        return Read-Answer ($request.GetResponse())
    }
    catch {
        # What a method throws arrives wrapped, how deep depends on the version.
        $failure = $_.Exception
        while ($null -ne $failure -and $failure -isnot [System.Net.WebException]) { $failure = $failure.InnerException }
        if ($null -eq $failure -or $null -eq $failure.Response) {
            throw 'The service does not answer. Nothing is lost: run this again.'
        }
        return Read-Answer $failure.Response
    }
}

function Wait-IfAsked {
    # Whether the service asked to wait: 409 in flight, 429 too fast, 503 busy. Waits, and says that it did.
    param([hashtable] $Answer)
    $wait = 0
    if ($Answer.Status -notin 409, 429, 503) { return $false }
    if (-not [int]::TryParse([string] $Answer.Wait, [ref] $wait)) { return $false }
    Start-Sleep -Seconds ([Math]::Min($wait, $LongestWaitSeconds))
    $true
}

function Send-Patiently {
    # The same request, with the same keys, again while the service asks to wait.
    param([string] $Path, [byte[]] $Body, [string] $Token)
    for ($attempt = 1; $attempt -le $Attempts; $attempt++) {
        $answer = Send-Bytes $Path $Body 'application/json' $Token
        if (-not (Wait-IfAsked $answer)) { return $answer }
    }
    throw 'The service is too busy. Nothing is lost: run this again later.'
}

function Get-Token {
    # A token for one function. An assertion is good once, so each attempt signs a new one.
    param([System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    for ($attempt = 1; $attempt -le $Attempts; $attempt++) {
        $form = 'grant_type=client_credentials' +
            '&client_assertion_type=' + [Uri]::EscapeDataString('urn:ietf:params:oauth:client-assertion-type:jwt-bearer') +
            '&client_assertion=' + [Uri]::EscapeDataString((New-Assertion $Certificate)) +
            '&function=' + [Uri]::EscapeDataString($Function)
        $answer = Send-Bytes '/oauth2/token' ($Utf8.GetBytes($form)) 'application/x-www-form-urlencoded' ''
        if ($answer.Status -eq 200) { return ($answer.Text | ConvertFrom-Json).access_token }
        if (-not (Wait-IfAsked $answer)) { throw "No token: the service answered $($answer.Status)." }
    }
    throw 'The service is too busy. Nothing is lost: run this again later.'
}

function Get-IdempotencyKey {
    # SHA-256 of the name, a zero byte, and the content: the same file always has the same key.
    param([string] $Name, [byte[]] $Content)
    $all = New-Object System.IO.MemoryStream
    foreach ($part in ($Utf8.GetBytes($Name)), ([byte[]] @(0)), $Content) { $all.Write($part, 0, $part.Length) }
    $sha = [System.Security.Cryptography.SHA256]::Create()
    try { [BitConverter]::ToString($sha.ComputeHash($all.ToArray())).Replace('-', '').ToLowerInvariant() }
    finally { $sha.Dispose() }
}

function Read-Notification {
    # A file as one item of a batch. Its text goes in as it stands: read into objects and back, dates and lists of
    # one would change.
    param([System.IO.FileInfo] $File)
    $content = [System.IO.File]::ReadAllBytes($File.FullName)
    try {
        $text = $Utf8.GetString($content).TrimStart([char] 0xFEFF)
        [void] ($text | ConvertFrom-Json)
    }
    catch { return $null }
    $key = Get-IdempotencyKey $File.Name $content
    $item = '{"idempotency_key":"' + $key + '","notification":' + $text + '}'
    [pscustomobject] @{ File = $File.Name; Item = $item; Size = $content.Length }
}

function New-Outcome {
    param([string] $File, [int] $Status, [bool] $Landed, $Sent, $Problem)
    $first = $null
    if ($Problem -and $Problem.PSObject.Properties['errors']) { $first = @($Problem.errors)[0] }
    [pscustomobject] @{
        file            = $File
        status          = $Status
        landed          = $Landed
        notification_id = $(if ($Sent) { $Sent.id } else { '' })
        placement_id    = $(if ($Sent) { $Sent.placement_id } else { '' })
        outstanding     = $(if ($Sent) { $Sent.outstanding } else { '' })
        code            = $(if ($Problem) { $Problem.code } else { '' })
        pointer         = $(if ($first) { $first.pointer } else { '' })
        message         = $(if ($first) { $first.message } elseif ($Problem) { $Problem.title } else { '' })
    }
}

function Send-Batch {
    param([object[]] $Batch, [string] $Token)
    $body = '{"items":[' + (($Batch | ForEach-Object { $_.Item }) -join ',') + ']}'
    $answer = Send-Patiently '/v1/notifications/batch' ($Utf8.GetBytes($body)) $Token
    if ($answer.Status -in 400, 413, 422 -and $Batch.Count -gt 1) {
        # One file that only looked like JSON spoils the whole: each alone, to find which.
        return $Batch | ForEach-Object { Send-Batch @($_) $Token }
    }
    if ($answer.Status -in 400, 413, 422) {
        return New-Outcome $Batch[0].File $answer.Status $false $null ($answer.Text | ConvertFrom-Json)
    }
    if ($answer.Status -ne 200) { throw "The service refused the whole batch with $($answer.Status)." }
    $told = @(($answer.Text | ConvertFrom-Json).items)
    for ($at = 0; $at -lt $Batch.Count; $at++) {
        New-Outcome $Batch[$at].File $told[$at].status ($null -ne $told[$at].sent) $told[$at].sent $told[$at].problem
    }
}

function Protect-Cell {
    # A file name that a spreadsheet would run as a formula is shown as text instead.
    param([string] $Text)
    if ($Text -match '^[\s\u00a0]*[=+\-@]') { return "'" + $Text }
    $Text
}

function Write-Results {
    param([object[]] $Outcomes)
    $results = Join-Path $Folder 'results'
    [void] (New-Item -ItemType Directory -Force -Path $results)
    $path = Join-Path $results ((Get-Date).ToString('yyyy-MM-dd-HHmmss') + '.csv')
    foreach ($each in $Outcomes) { $each.file = Protect-Cell $each.file }
    $Outcomes | Export-Csv -LiteralPath $path -NoTypeInformation -Encoding UTF8
    $path
}

function Split-Batches {
    param([object[]] $Items)
    $batch = New-Object System.Collections.ArrayList
    $size = 0
    foreach ($each in $Items) {
        if ($batch.Count -gt 0 -and ($batch.Count -eq $MostInABatch -or $size + $each.Size -gt $MostBytes)) {
            , $batch.ToArray()
            $batch.Clear()
            $size = 0
        }
        [void] $batch.Add($each)
        $size += $each.Size
    }
    if ($batch.Count -gt 0) { , $batch.ToArray() }
}

$Url = $Url.TrimEnd('/')
$outcomes = @()
$items = @()
foreach ($file in @(Get-ChildItem -LiteralPath $Folder -Filter '*.json' -File | Sort-Object Name)) {
    $item = Read-Notification $file
    if ($null -ne $item) { $items += $item }
    else {
        $problem = [pscustomobject] @{ code = 'invalid_body'; title = 'This is not JSON in UTF-8.' }
        $outcomes += New-Outcome $file.Name 400 $false $null $problem
    }
}
if ($items.Count + $outcomes.Count -eq 0) {
    Write-Output 'There is no *.json in the folder.'
    exit 0
}

$stopped = ''
try {
    if ($items.Count -gt 0) {
        $certificate = Get-Certificate
        foreach ($batch in @(Split-Batches $items)) {
            # A token lives ten minutes, and a large batch may take some of them: each has its own.
            $outcomes += @(Send-Batch $batch (Get-Token $certificate))
        }
    }
}
catch { $stopped = $_.Exception.Message }

$landed = @($outcomes | Where-Object { $_.landed }).Count
$refused = @($outcomes | Where-Object { -not $_.landed }).Count
$path = ''
if ($outcomes.Count -gt 0) { $path = Write-Results $outcomes }
Write-Output "$landed landed, $refused refused. Results: $path"
if ($stopped) {
    Write-Output $stopped
    exit 2
}
if ($refused -gt 0) { exit 1 }
exit 0
