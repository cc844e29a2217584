# Builds, runs and tests AI Mixer on Windows. `./build.ps1 help` tells the verbs. Whatever is made lies in artifacts/.
# No param(): with it PowerShell would take `-o` and `-v`, which are for the verb, for options of its own.
$Verb = if ($args.Count -gt 0) { [string] $args[0] } else { 'help' }
[string[]] $Rest = @($args | Select-Object -Skip 1)
$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:MSBUILDDISABLENODEREUSE = '1'
$root = $PSScriptRoot
$caller = (Get-Location).Path
$script:passed = 0
$script:failed = 0
$script:skipped = 0

function Show-Usage {
    @'
./build.ps1 VERB

  build                    builds the core and the command line: artifacts/bin/aimixer.cmd, artifacts/native/<rid>/
  mix [FILE [OPTIONS]]     builds, mixes FILE (or the demo clip) to <name>.mixed.wav beside it, prints before and after;
                           OPTIONS go to `aimixer mix`, for example --target -14; the demo clip goes to -16 LUFS
  test                     runs the native tests, the table of output hashes and the managed tests;
                           ends with "N passed, N failed"
  bench [OPTIONS]          runs the native benchmarks and those of the library (benchmarks/results/managed.md); with OPTIONS,
                           which go to Google Benchmark, the native ones only
  pack                     builds the core for all eight platforms, checks it and packs it, in WSL: artifacts/packages
  train FOLDER [FOLDER...] makes the genre model of folders of recordings, with its report: artifacts/training/model;
                           --ship puts them where the core and the documentation have them; training --help tells the rest
  format [--check]         formats the C++ and C# sources, or only says which are not
  clean                    removes artifacts/
  help                     this text

Needed: the .NET 10 SDK, CMake, and Visual Studio's C++ tools or Clang. GoogleTest and Google Benchmark come from vcpkg
(set CMAKE_TOOLCHAIN_FILE to its toolchain file); libsndfile is sndfile.dll on the PATH. The tests need npm, unless the
environment variable OnnxRuntimeSource is nuget.
'@
}

function Write-Step([string] $Text) { Write-Host "==> $Text" -ForegroundColor Cyan }

function Stop-Build([string] $Text) {
    [Console]::Error.WriteLine("build.ps1: $Text")
    exit 1
}

function Test-Command([string] $Name) { $null -ne (Get-Command $Name -ErrorAction SilentlyContinue) }

# Runs a program and stops when it fails.
function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { Stop-Build "failed: $Program $($Arguments -join ' ')" }
}

function Assert-Tools {
    $hints = @()
    if (-not (Test-Command 'dotnet')) { $hints += 'winget install Microsoft.DotNet.SDK.10' }
    if (-not (Test-Command 'cmake')) { $hints += 'winget install Kitware.CMake' }
    # CMake finds Visual Studio by itself; without it there must be Clang and Ninja.
    $vswhere = "${env:ProgramFiles(x86)}\Microsoft Visual Studio\Installer\vswhere.exe"
    $haveVisualStudio = (Test-Path $vswhere) -and (& $vswhere -latest -products * `
        -requires Microsoft.VisualStudio.Component.VC.Tools.x86.x64 -property installationPath)
    if (-not $haveVisualStudio -and -not ((Test-Command 'clang') -and (Test-Command 'ninja'))) {
        $hints += 'winget install Microsoft.VisualStudio.2022.BuildTools (with the C++ workload), or'
        $hints += 'winget install LLVM.LLVM and winget install Ninja-build.Ninja'
    }
    if ($hints.Count -gt 0) { Stop-Build "missing tools; install them with:`n  $($hints -join "`n  ")" }
    if (-not ((& dotnet --list-sdks) -match '^10\.')) {
        Stop-Build 'the .NET 10 SDK is needed: winget install Microsoft.DotNet.SDK.10'
    }
}

# Where the binaries of a target are: a generator for several configurations adds a folder.
function Find-Program([string] $Folder, [string] $Name) {
    $found = Get-ChildItem -Path $Folder -Recurse -Filter "$Name.exe" -ErrorAction SilentlyContinue |
        Select-Object -First 1
    if ($null -eq $found) { return $null }
    return $found.FullName
}

# Configures and builds; throws when either fails.
function Invoke-NativeBuild([string] $Folder, [string[]] $Options) {
    $configure = @('-S', $root, '-B', $Folder, '-DCMAKE_BUILD_TYPE=Release') + $Options
    if ($env:CMAKE_TOOLCHAIN_FILE) { $configure += "-DCMAKE_TOOLCHAIN_FILE=$env:CMAKE_TOOLCHAIN_FILE" }
    & cmake @configure | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "$Folder could not be configured" }
    & cmake --build $Folder --config Release --parallel | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "$Folder could not be built" }
}

function Invoke-Build {
    Assert-Tools
    Write-Step 'Building the core'
    $folder = Join-Path $root 'artifacts/build/release'
    Invoke-NativeBuild $folder @('-DAIM_BUILD_TESTS=OFF')
    Invoke-Checked 'cmake' @('--install', $folder, '--config', 'Release')
    Write-Step 'Building the command line'
    Invoke-Checked 'dotnet' @('publish', (Join-Path $root 'src/AiMixer.Cli'), '-c', 'Release', '-v', 'quiet', '-nologo')
    $bin = Join-Path $root 'artifacts/bin'
    New-Item -ItemType Directory -Force -Path $bin | Out-Null
    Set-Content -Path (Join-Path $bin 'aimixer.cmd') -Encoding ascii -Value @(
        '@echo off',
        'dotnet "%~dp0..\dotnet\publish\AiMixer.Cli\release\AiMixer.Cli.dll" %*')
}

function Invoke-Mix {
    $file = Join-Path $root 'samples/media/demo.ogg'
    # The demo clip shows what it is about: uneven levels brought to the loudness of a podcast.
    $options = @('--target', '-16')
    if ($Rest.Count -gt 0) {
        $file = $Rest[0]
        if (-not [IO.Path]::IsPathRooted($file)) { $file = Join-Path $caller $file }
        $options = @($Rest | Select-Object -Skip 1)
    }
    if (-not (Test-Path -PathType Leaf $file)) { Stop-Build "${file}: no such file" }
    $name = [IO.Path]::GetFileNameWithoutExtension($file) + '.mixed.wav'
    $output = Join-Path ([IO.Path]::GetDirectoryName($file)) $name
    Invoke-Build
    Write-Step "Mixing $file"
    & (Join-Path $root 'artifacts/bin/aimixer.cmd') mix $file -o $output @options
    exit $LASTEXITCODE
}

# A check that is a program of its own counts as one.
function Add-Check([scriptblock] $Check) {
    & $Check | Out-Host
    if ($LASTEXITCODE -eq 0) { $script:passed++ } else { $script:failed++ }
}

function Test-Native {
    $folder = Join-Path $root 'artifacts/build/tests'
    try { Invoke-NativeBuild $folder @() } catch { Write-Host $_; $script:failed++; return }
    $tests = Find-Program $folder 'aim_tests'
    $bits = Find-Program $folder 'aim_bit_exactness'
    if ($null -eq $tests -or $null -eq $bits) { $script:failed++; return }
    Add-Check { & $bits --check (Join-Path $root 'tests/bit_exactness/hashes.txt') }
    $report = Join-Path $root 'artifacts/test/native.json'
    Remove-Item $report -ErrorAction SilentlyContinue
    & $tests "--gtest_output=json:$report" --gtest_brief=1 | Out-Host
    if (-not (Test-Path $report)) { $script:failed++; return }
    $result = Get-Content $report -Raw | ConvertFrom-Json
    $left = @($result.testsuites.testsuite | Where-Object { $_.result -eq 'SKIPPED' }).Count + $result.disabled
    $script:failed += $result.failures
    $script:skipped += $left
    $script:passed += $result.tests - $result.failures - $left
}

# What tests compile and run beside the core; nothing else needs it.
function Install-OnnxRuntime {
    if ($env:OnnxRuntimeSource -and $env:OnnxRuntimeSource -ne 'npm') { return }
    $folder = Join-Path $root 'bindings/OnnxRuntime.Npm'
    # npm writes this list last, of what it has installed.
    $installed = Get-Item (Join-Path $folder 'node_modules/.package-lock.json') -Force -ErrorAction SilentlyContinue
    if ($installed -and $installed.LastWriteTime -ge (Get-Item (Join-Path $folder 'package-lock.json')).LastWriteTime) { return }
    if (-not (Test-Command 'npm')) { Stop-Build 'missing npm, which has ONNX Runtime; install it with: winget install OpenJS.NodeJS.LTS' }
    Write-Step 'Installing ONNX Runtime from npm'
    Push-Location $folder
    # What is optional is the library for linux-arm64.
    Invoke-Checked 'npm' @('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional')
    Pop-Location
}

function Test-Managed {
    Add-Check { & dotnet build (Join-Path $root 'AiMixer.sln') -c Release -v quiet -nologo }
    foreach ($project in Get-ChildItem -Path (Join-Path $root 'tests') -Recurse -Filter '*.Tests.csproj') {
        $report = Join-Path $root "artifacts/test/$($project.BaseName).trx"
        Remove-Item $report -ErrorAction SilentlyContinue
        # What needs NAudio stands outside the solution, because its packages cannot be had everywhere.
        if ($project.BaseName -eq 'AiMixer.NAudio.Tests') {
            & dotnet restore $project.FullName | Out-Host
            if ($LASTEXITCODE -ne 0) {
                Write-Host 'SKIPPED: the packages of NAudio cannot be restored'
                $script:skipped++
                continue
            }
            & dotnet build $project.FullName -c Release --no-restore -v quiet -nologo | Out-Host
        }
        & dotnet test $project.FullName -c Release --no-build --nologo `
            --results-directory (Join-Path $root 'artifacts/test') `
            --logger "trx;LogFileName=$($project.BaseName).trx" | Out-Host
        if (-not (Test-Path $report)) { $script:failed++; continue }
        $counters = ([xml](Get-Content $report -Raw)).TestRun.ResultSummary.Counters
        $script:passed += [int]$counters.passed
        $script:failed += [int]$counters.executed - [int]$counters.passed
        $script:skipped += [int]$counters.total - [int]$counters.executed
    }
}

function Invoke-Test {
    Invoke-Build
    New-Item -ItemType Directory -Force -Path (Join-Path $root 'artifacts/test') | Out-Null
    Write-Step 'Native tests'
    Test-Native
    Install-OnnxRuntime
    Write-Step 'Managed tests'
    Test-Managed
    if ($script:skipped -gt 0) { Write-Host "$script:skipped skipped" }
    Write-Host "$script:passed passed, $script:failed failed"
    if ($script:failed -gt 0) { exit 1 }
}

function Invoke-Bench {
    Assert-Tools
    Write-Step 'Building the benchmarks'
    $folder = Join-Path $root 'artifacts/build/bench'
    Invoke-NativeBuild $folder @('-DAIM_BUILD_TESTS=OFF', '-DAIM_BUILD_BENCHMARKS=ON')
    & (Find-Program $folder 'aim_bench') @Rest
    if ($LASTEXITCODE -ne 0 -or $Rest.Count -gt 0) { exit $LASTEXITCODE }
    Invoke-Build
    Write-Step 'Measuring the library from C#'
    Invoke-Checked 'dotnet' @('build', (Join-Path $root 'benchmarks/AiMixer.Benchmarks'), '-c', 'Release', '-v', 'quiet', '-nologo')
    $program = Join-Path $root 'artifacts/dotnet/bin/AiMixer.Benchmarks/release/AiMixer.Benchmarks.dll'
    Invoke-Checked 'dotnet' @($program, (Join-Path $root 'benchmarks/results/managed.md'))
}

# npm has Zig, which compiles for every platform, for Linux only.
function Invoke-Pack {
    if (-not (Test-Command 'wsl')) { Stop-Build 'packing runs in WSL with the .NET 10 SDK in it; install that with: wsl --install -d Debian' }
    Invoke-Checked 'wsl' @('--cd', $root, './build.sh', 'pack')
}

# The features are extracted by the core as it is now.
function Invoke-Train {
    Invoke-Build
    Write-Step 'Building the training'
    Invoke-Checked 'dotnet' @('build', (Join-Path $root 'training/AiMixer.Training'), '-c', 'Release', '-v', 'quiet', '-nologo')
    $ship = $Rest -contains '--ship'
    $options = @($Rest | Where-Object { $_ -ne '--ship' })
    $made = Join-Path $root 'artifacts/training/model'
    # The pages that ship are those to fill in: what is written by hand stays.
    if ($ship) {
        New-Item -ItemType Directory -Force -Path $made | Out-Null
        Copy-Item (Join-Path $root 'docs/genre.md'), (Join-Path $root 'docs/genre-decisions.md') $made
        $options += @('--output', $made)
    }
    $program = Join-Path $root 'artifacts/dotnet/bin/AiMixer.Training/release/AiMixer.Training.dll'
    Push-Location $caller
    $defaults = @('--cache', (Join-Path $root 'artifacts/training'), '--output', $made)
    Invoke-Checked 'dotnet' (@($program) + $defaults + $options)
    Pop-Location
    if (-not $ship) { return }
    Copy-Item (Join-Path $made 'model_weights.inc') (Join-Path $root 'native/src/genre')
    Copy-Item (Join-Path $made 'genre.onnx') (Join-Path $root 'src/AiMixer.Onnx')
    Copy-Item (Join-Path $made 'genre.md'), (Join-Path $made 'genre-decisions.md') (Join-Path $root 'docs')
    Copy-Item (Join-Path $made 'genre-reliability.svg') (Join-Path $root 'docs/images')
}

function Invoke-Format {
    if (-not (Test-Command 'clang-format')) { Stop-Build 'missing clang-format; install it with: winget install LLVM.LLVM' }
    $folders = 'native/include', 'native/src', 'native/tests', 'native/bench', 'native/fuzz', 'tests/bit_exactness' |
        ForEach-Object { Join-Path $root $_ } | Where-Object { Test-Path $_ }
    $sources = @(Get-ChildItem -Path $folders -Recurse -Include '*.h', '*.cpp' | ForEach-Object FullName)
    $solution = Join-Path $root 'AiMixer.sln'
    if ($Rest -contains '--check') {
        Invoke-Checked 'clang-format' (@('--dry-run', '-Werror') + $sources)
        Invoke-Checked 'dotnet' @('format', $solution, '--verify-no-changes')
    } else {
        Invoke-Checked 'clang-format' (@('-i') + $sources)
        Invoke-Checked 'dotnet' @('format', $solution)
    }
}

switch ($Verb) {
    'build' { Invoke-Build }
    'mix' { Invoke-Mix }
    'test' { Invoke-Test }
    'bench' { Invoke-Bench }
    'pack' { Invoke-Pack }
    'train' { Invoke-Train }
    'format' { Invoke-Format }
    'clean' { Remove-Item -Recurse -Force (Join-Path $root 'artifacts') -ErrorAction SilentlyContinue }
    { $_ -in 'help', '-h', '--help' } { Show-Usage }
    default {
        Show-Usage
        Stop-Build "no verb '$Verb'"
    }
}
