import {
  ACESFilmicToneMapping,
  Box3,
  type Material,
  Mesh,
  PerspectiveCamera,
  PMREMGenerator,
  Scene,
  Sphere,
  Spherical,
  Texture,
  TextureLoader,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { RoomEnvironment } from "three/examples/jsm/environments/RoomEnvironment.js";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";

export interface Viewer {
  /** Frees the graphics memory and stops listening. */
  close(): void;
}

export interface Look {
  label: string;
  /** True when the reader asked for less motion: no turning by itself, no gliding. */
  still: boolean;
}

function loader(): GLTFLoader {
  const gltf = new GLTFLoader();
  // Pictures inside a GLB become blob: addresses. The default loader fetches them, which the policy (connect-src 'self') refuses;
  // an image element may show them (img-src blob:).
  gltf.register((parser) => {
    (parser as unknown as { textureLoader: TextureLoader }).textureLoader = new TextureLoader();
    return { name: "haishi-images" };
  });
  return gltf;
}

function free(scene: Scene): void {
  scene.traverse((thing) => {
    if (!(thing instanceof Mesh)) return;
    thing.geometry.dispose();
    for (const material of [thing.material].flat() as Material[]) {
      for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
      material.dispose();
    }
  });
}

/** Turns and zooms by keyboard: arrows 15°, plus and minus 15 %, Home returns. */
function keyboard(canvas: HTMLCanvasElement, camera: PerspectiveCamera, controls: OrbitControls): (event: KeyboardEvent) => void {
  const step = Math.PI / 12;
  const place = new Spherical();
  canvas.tabIndex = 0;
  return (event) => {
    place.setFromVector3(camera.position.clone().sub(controls.target));
    if (event.key === "ArrowLeft") place.theta -= step;
    else if (event.key === "ArrowRight") place.theta += step;
    else if (event.key === "ArrowUp") place.phi -= step;
    else if (event.key === "ArrowDown") place.phi += step;
    else if (event.key === "+" || event.key === "=") place.radius *= 0.85;
    else if (event.key === "-") place.radius /= 0.85;
    else if (event.key === "Home") return void (event.preventDefault(), controls.reset());
    else return;
    event.preventDefault();
    place.makeSafe();
    place.radius = Math.min(controls.maxDistance, Math.max(controls.minDistance, place.radius));
    camera.position.setFromSpherical(place).add(controls.target);
    controls.update();
  };
}

/** Opens a GLB in `stage`. Rejects when WebGL is missing or the model cannot be read. Draws only when something changed. */
export async function openViewer(stage: HTMLElement, src: string, look: Look): Promise<Viewer> {
  const renderer = new WebGLRenderer({ antialias: true, alpha: true });
  const scene = new Scene();
  const camera = new PerspectiveCamera(35, 1, 0.01, 100);
  const controls = new OrbitControls(camera, renderer.domElement);
  let frame = 0;
  let closed = false;
  const draw = (): void => {
    frame = 0;
    if (closed) return;
    controls.update();
    renderer.render(scene, camera);
  };
  const ask = (): void => void (frame ||= requestAnimationFrame(draw));
  const size = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = stage;
    if (!width || !height) return;
    renderer.setSize(width, height, false);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
    ask();
  });
  const press = keyboard(renderer.domElement, camera, controls);
  const close = (): void => {
    if (closed) return;
    closed = true;
    cancelAnimationFrame(frame);
    size.disconnect();
    renderer.domElement.removeEventListener("keydown", press);
    controls.dispose();
    free(scene);
    scene.environment?.dispose();
    renderer.dispose();
    renderer.domElement.remove();
  };
  try {
    renderer.toneMapping = ACESFilmicToneMapping;
    renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    const light = new PMREMGenerator(renderer);
    scene.environment = light.fromScene(new RoomEnvironment(), 0.04).texture;
    light.dispose();
    const { scene: model } = await loader().loadAsync(src);
    const around = new Box3().setFromObject(model).getBoundingSphere(new Sphere());
    if (!(around.radius > 0)) throw new Error("the model is empty");
    model.position.sub(around.center);
    scene.add(model);
    const distance = around.radius / Math.sin((camera.fov * Math.PI) / 360);
    camera.near = distance / 100;
    camera.far = distance * 20;
    camera.position.copy(new Vector3(0.6, 0.35, 1).normalize().multiplyScalar(distance * 1.15));
    controls.minDistance = around.radius * 1.1;
    controls.maxDistance = distance * 3;
    controls.enablePan = false;
    controls.enableDamping = !look.still;
    controls.saveState();
  } catch (error) {
    close();
    throw error;
  }
  const canvas = renderer.domElement;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", look.label);
  canvas.addEventListener("keydown", press);
  controls.addEventListener("change", ask);
  stage.append(canvas);
  size.observe(stage);
  ask();
  return { close };
}
