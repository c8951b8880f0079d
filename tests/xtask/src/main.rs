//! `cargo xtask <task>`: everything that is done to this repository from outside, with no tool but Rust and Node
//! needed beforehand. See `cargo xtask help`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a terminal")]

mod app;
mod bench;
mod browse;
mod check;
mod children;
mod dist;
mod fuzz;
mod packages;
mod place;
mod practice;
mod run;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <task>

  run [-- --real]     set up what is missing, build, and open the window on the practice cloud
                      (with no display: the same main job on the command line); --real: on the real providers
  test [-- FILTER]    set up what is missing and run every test, the end-to-end ones included
  check               formatting, lints, dependency floors, licences (cargo deny, where installed)
  deny                install cargo-deny where it is missing, then check licences, bans and sources
  practice [ARGS…]    build and start the practice cloud alone; ARGS go to it (--help lists them)
  eval-explain FILE   measure recognition on labelled texts (JSON Lines: id, text, cause, also); --wrong, --only SET
  bench [NAME…]       measure against the budgets: check, explain, window, version
  fuzz [SECONDS]      run each fuzz target of tests/fuzz for so long (60)
  dist [SYSTEM…]      build what is handed out into target/dist: packages, checksums, bill of materials, templates
  browse ADDRESS      fetch a loopback address and follow its redirects, as a browser would (used by `run`)
";

fn main() -> ExitCode {
    children::watch_signals();
    place::own_program();
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = if arguments.is_empty() { "help".to_owned() } else { arguments.remove(0) };
    // `cargo xtask run -- --real`: cargo hands the `--` on to us.
    if arguments.first().is_some_and(|first| first == "--") {
        arguments.remove(0);
    }
    let outcome = match task.as_str() {
        "run" => run::run(&arguments),
        "test" => test::test(&arguments),
        "check" => check::check(),
        "deny" => check::deny_installing(),
        "practice" => practice::practice(&arguments),
        "eval-explain" => app::eval_explain(&arguments),
        "bench" => bench::bench(&arguments),
        "fuzz" => fuzz::fuzz(&arguments),
        "dist" => dist::dist(&arguments),
        "windows-sign" => dist::sign_file(&arguments),
        "browse" => browse::browse(&arguments),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => {
            eprintln!("xtask: there is no task `{other}`\n\n{HELP}");
            Ok(ExitCode::from(2))
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            if children::interrupted() { ExitCode::from(130) } else { ExitCode::FAILURE }
        }
    }
}
